import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

/** The storage of a registry. */
export interface RegistryStorage {
  readonly repositories: Map<string, Repository>
  /** By digest. */
  readonly blobs: Map<string, Buffer>
}

export interface Repository {
  /** By digest. */
  readonly manifests: Map<string, StoredManifest>
  readonly tags: Map<string, string>
}

export interface StoredManifest {
  readonly mediaType: string
  readonly body: Buffer
}

export function registryStorage(): RegistryStorage {
  return { repositories: new Map(), blobs: new Map() }
}

/** Returns a repository, and creates it if it is missing. */
export function repositoryIn(storage: RegistryStorage, name: string): Repository {
  const known = storage.repositories.get(name)
  if (known) return known
  const made: Repository = { manifests: new Map(), tags: new Map() }
  storage.repositories.set(name, made)
  return made
}

export interface SampleImage {
  readonly repository: string
  readonly tags: readonly string[]
  /** Platforms such as `linux/amd64`. Several make an index; one does so only with `index`. Default: linux/amd64. */
  readonly platforms?: readonly string[]
  readonly index?: boolean
  readonly labels?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
}

/** Adds an image to a registry's storage, like a push. Returns the digest of its tags. */
export function addImage(storage: RegistryStorage, image: SampleImage): string {
  const { repository, tags, platforms = ['linux/amd64'] } = image
  const { manifests, tags: tagged } = repositoryIn(storage, repository)
  const made = platforms.map((platform) => manifestFor(storage, image, platform))
  for (const { digest, body } of made) manifests.set(digest, { mediaType: mediaTypes.manifest, body })
  const single = made.length === 1 && !image.index
  const body = json({
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: made.map(({ digest, body, platform }) => ({
      mediaType: mediaTypes.manifest,
      digest,
      size: body.length,
      platform,
    })),
  })
  const digest = single ? (made[0]?.digest ?? '') : digestOf(body)
  if (!single) manifests.set(digest, { mediaType: mediaTypes.index, body })
  for (const tag of tags) tagged.set(tag, digest)
  return digest
}

function manifestFor(storage: RegistryStorage, { repository, tags, labels = {}, files }: SampleImage, written: string) {
  const [os = '', architecture = '', variant] = written.split('/')
  const platform = { os, architecture, ...(variant && { variant }) }
  const content = { 'etc/image': `${repository}:${tags[0]} ${written}\n`, ...files }
  const tar = writeTar(content)
  const layer = keep(storage, gzipSync(tar))
  const config = keep(
    storage,
    json({ ...platform, config: { Labels: labels }, rootfs: { type: 'layers', diff_ids: [digestOf(tar)] } }),
  )
  const body = json({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, ...config },
    layers: [{ mediaType: mediaTypes.layer, ...layer }],
  })
  return { digest: digestOf(body), body, platform }
}

function keep({ blobs }: RegistryStorage, content: Buffer): { readonly digest: string; readonly size: number } {
  const digest = digestOf(content)
  blobs.set(digest, content)
  return { digest, size: content.length }
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

/** Returns the digest of content: `sha256:…`. */
export function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** Media types of the OCI image specification. */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const

/** Bytes. Tar archives consist of blocks of this size. */
const block = 512
/** The type flag of a regular file. */
const regular = 0x30

/** Returns the regular files of a tar archive by name. Throws if the archive is invalid. */
export function readTar(archive: Buffer): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (let at = 0; at + block <= archive.length && archive[at] !== 0; ) {
    const name = text(archive, at, 100)
    const size = Number.parseInt(text(archive, at + 124, 12), 8)
    if (Number.isNaN(size)) throw new Error('archive/tar: invalid tar header') // in the words of Go's reader
    const from = at + block
    if (archive[at + 156] === regular) files.set(name, archive.toString('utf8', from, from + size))
    at = from + Math.ceil(size / block) * block
  }
  return files
}

function text(archive: Buffer, at: number, length: number): string {
  return archive.toString('utf8', at, at + length).split('\0')[0] ?? ''
}

/** Writes a POSIX ustar archive of text files. The same files give the same bytes. */
export function writeTar(files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text)
    return [header(name, content.length), content, Buffer.alloc(-content.length & (block - 1))]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, "ustar Interchange Format" */
function header(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(block)
  bytes.write(name.slice(0, 100), 0)
  bytes.write('0000644\0', 100)
  bytes.write('0000000\0'.repeat(2), 108)
  bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  bytes.write(`${'0'.repeat(11)}\0`, 136)
  bytes.write('        0', 148)
  bytes.write('ustar\0' + '00', 257)
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return bytes
}
