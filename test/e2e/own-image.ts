import { execFile } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { packLayer, pushImage } from './push-image.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')

/**
 * Packs this very program, with the Node that runs the tests, into an image of a registry without TLS. Comes back with its
 * digest.
 */
export async function pushOwnImage(registry: string, repository: string): Promise<string> {
  const layers = [await packLayer(['bin', 'lib', 'lib64'], addNode), await packLayer(['app'], addProgram)]
  const config = {
    Entrypoint: ['/bin/node', '/app/src/cli/imagepull.mjs'],
    Env: ['NODE_DISABLE_COMPILE_CACHE=1'],
  }
  return pushImage({ registry, repository, tag: 'e2e' }, layers, config)
}

async function addNode(folder: string): Promise<void> {
  const { stdout } = await run('ldd', [process.execPath])
  const libraries = [...new Set([...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path))]
  for (const path of libraries) copy(path, join(folder, path))
  copy(process.execPath, join(folder, 'bin/node'))
}

async function addProgram(folder: string): Promise<void> {
  for (const path of ['package.json', 'src', 'node_modules/commander', 'node_modules/picocolors'])
    copy(join(root, path), join(folder, 'app', path))
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { recursive: true, dereference: true })
}
