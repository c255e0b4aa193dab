import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

const run = promisify(execFile)
const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const

export interface Layer {
  readonly archive: Buffer
  readonly compressed: Buffer
}

/** Where an image goes: a registry without TLS, `10.96.170.72:5000`. */
export interface Destination {
  readonly registry: string
  readonly repository: string
  readonly tag: string
}

/** Pushes an image of this machine's architecture. @param config As in the OCI image configuration. Returns its digest. */
export async function pushImage(
  { registry, repository, tag }: Destination,
  layers: readonly Layer[],
  config: object,
): Promise<string> {
  const content = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: layers.map(({ archive }) => digestOf(archive)) },
    }),
  )
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: await pushBlob(registry, repository, content, types.config),
    layers: await Promise.all(layers.map(({ compressed }) => pushBlob(registry, repository, compressed, types.layer))),
  }
  const body = Buffer.from(JSON.stringify(manifest))
  const url = `http://${registry}/v2/${repository}/manifests/${tag}`
  const answer = await fetch(url, { method: 'PUT', body, headers: { 'content-type': types.manifest } })
  if (!answer.ok) throw new Error(`the manifest was not taken: ${answer.status}`)
  return digestOf(body)
}

/**
 * A layer with these folders of a temporary directory, which `fill` fills. The same files make the same bytes, so that what is
 * in a registry is not pushed again.
 */
export async function packLayer(folders: readonly string[], fill: (folder: string) => Promise<void>): Promise<Layer> {
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
