import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const

/**
 * Packs this very program, with the Node that runs the tests, into an image of a registry without TLS. Comes back with its
 * digest.
 */
export async function pushOwnImage(registry: string, repository: string): Promise<string> {
  const layers = [await packed(['bin', 'lib', 'lib64'], addNode), await packed(['app'], addProgram)]
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Entrypoint: ['/bin/node', '/app/src/cli/imagepull.mjs'], Env: ['NODE_DISABLE_COMPILE_CACHE=1'] },
      rootfs: { type: 'layers', diff_ids: layers.map(({ archive }) => digestOf(archive)) },
    }),
  )
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: await pushBlob(registry, repository, config, types.config),
    layers: await Promise.all(layers.map(({ compressed }) => pushBlob(registry, repository, compressed, types.layer))),
  }
  const body = Buffer.from(JSON.stringify(manifest))
  const digest = digestOf(body)
  const url = `http://${registry}/v2/${repository}/manifests/e2e`
  const answer = await fetch(url, { method: 'PUT', body, headers: { 'content-type': types.manifest } })
  if (!answer.ok) throw new Error(`the manifest was not taken: ${answer.status}`)
  return digest
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

/** Always the same bytes for the same files, so that what is there is not pushed again. */
async function packed(folders: readonly string[], fill: (folder: string) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'imagepull-image-'))
  try {
    for (const name of folders) mkdirSync(join(folder, name))
    await fill(folder)
    const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=a+rX']
    const file = join(folder, 'layer.tar')
    await run('tar', ['-cf', file, ...same, '-C', folder, ...folders])
    const archive = readFileSync(file)
    return { archive, compressed: gzipSync(archive, { level: 1 }) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function pushBlob(registry: string, repository: string, content: Buffer, mediaType: string) {
  const digest = digestOf(content)
  const base = `http://${registry}/v2/${repository}/blobs`
  if (!(await fetch(`${base}/${digest}`, { method: 'HEAD' })).ok) {
    const begun = await fetch(`${base}/uploads/`, { method: 'POST' })
    const url = new URL(begun.headers.get('location') ?? '', base)
    url.searchParams.set('digest', digest)
    const headers = { 'content-type': 'application/octet-stream' }
    const answer = await fetch(url, { method: 'PUT', body: new Uint8Array(content), headers })
    if (!answer.ok) throw new Error(`a blob was not taken: ${answer.status}`)
  }
  return { mediaType, digest, size: content.length }
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
