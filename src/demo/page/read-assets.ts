import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripTypes } from './strip-types.ts'

export interface Asset {
  readonly type: string
  readonly body: string
}

/** By path: `/client/main.ts`. */
export type Assets = ReadonlyMap<string, Asset>

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
}

/** What the browser imports by name. */
const libraries = ['preact', 'preact/hooks'] as const

/** Every file that the page consists of. In a checkout modules are `.ts`, and lose their types here; built ones are `.js`. */
export async function readAssets(directory = join(import.meta.dirname, 'client')): Promise<Assets> {
  const names = await readdir(directory, { recursive: true })
  const own = names.filter((name) => extname(name) in types).map((name) => ownAsset(directory, name))
  return new Map(await Promise.all([...own, ...libraries.map(libraryAsset)]))
}

async function ownAsset(directory: string, name: string): Promise<readonly [string, Asset]> {
  const text = await readFile(join(directory, name), 'utf8')
  const kind = extname(name)
  return [`/client/${name}`, { type: types[kind] ?? '', body: kind === '.ts' ? stripTypes(text) : text }]
}

async function libraryAsset(name: string): Promise<readonly [string, Asset]> {
  const body = await readFile(fileURLToPath(import.meta.resolve(name)), 'utf8')
  // Without its source map, which would be one more request, for a file that is not there.
  return [`/library/${name}.js`, { type: types['.js'] ?? '', body: body.replace(/^\/\/# sourceMappingURL=.*$/m, '') }]
}
