import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type RegistryAnswer, type RegistryRequest, refused } from './request.ts'
import { digestOf, type RegistryStorage, repositoryIn } from './storage.ts'

interface Place {
  readonly repository: string
  /** A tag or a digest. */
  readonly reference: string
}

/** Handles HEAD, GET and PUT of manifests. */
export function serveManifest(storage: RegistryStorage, place: Place, request: RegistryRequest): RegistryAnswer {
  if (request.method === 'PUT') return put(storage, place, request)
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refused(405, 'UNSUPPORTED', 'The operation is unsupported.')
  return get(storage, place)
}

function get(storage: RegistryStorage, { repository, reference }: Place): RegistryAnswer {
  const known = storage.repositories.get(repository)
  const digest = reference.includes(':') ? reference : known?.tags.get(reference)
  const manifest = digest === undefined ? undefined : known?.manifests.get(digest)
  if (digest === undefined || !manifest) return unknown(repository, reference)
  const headers = {
    'content-type': manifest.mediaType,
    'docker-content-digest': digest,
    etag: `"${digest}"`,
  }
  return { status: 200, headers, body: manifest.body }
}

/** Answers as registry 2.8 does, equally for a missing tag and a missing repository. */
function unknown(repository: string, reference: string): RegistryAnswer {
  const detail = reference.includes(':')
    ? `unknown manifest name=${repository} revision=${reference}`
    : { Tag: reference }
  return refused(404, 'MANIFEST_UNKNOWN', 'manifest unknown', detail)
}

const descriptor = z.object({ digest: z.string() })
const manifestSchema = z.object({
  mediaType: z.string().optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).optional(),
  manifests: z.array(descriptor).optional(),
})

function put(storage: RegistryStorage, { repository, reference }: Place, request: RegistryRequest): RegistryAnswer {
  const parsed = manifestSchema.safeParse(parse(request.body))
  if (!parsed.success) return refused(400, 'MANIFEST_INVALID', 'manifest invalid', z.prettifyError(parsed.error))
  const digest = digestOf(request.body)
  if (reference.includes(':') && reference !== digest)
    return refused(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content')
  const { config, layers = [], manifests = [] } = parsed.data
  const known = repositoryIn(storage, repository)
  const missing =
    [...(config ? [config] : []), ...layers].find((it) => !storage.blobs.has(it.digest)) ??
    manifests.find((it) => !known.manifests.has(it.digest))
  if (missing) return refused(400, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry', { digest: missing.digest })
  const mediaType = request.headers['content-type'] ?? parsed.data.mediaType ?? ''
  known.manifests.set(digest, { mediaType, body: request.body })
  if (!reference.includes(':')) known.tags.set(reference, digest)
  const location = new URL(`/v2/${repository}/manifests/${digest}`, request.url).href
  return { status: 201, headers: { location, 'docker-content-digest': digest } }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** The quota of anonymous GETs of manifests by address. HEAD is free: docs.docker.com/docker-hub/usage/ */
export interface PullQuota {
  /** Per address, in one window. */
  readonly limit: number
  readonly used: Map<string, number>
}

/** Counts a pull. False: the quota of that address is used up. */
export function countPull({ limit, used }: PullQuota, source: string): boolean {
  const count = used.get(source) ?? 0
  if (count >= limit) return false
  used.set(source, count + 1)
  return true
}

/** Uploads that began, by id. */
export type Uploads = Map<string, Buffer>

/** Handles HEAD and GET of a blob. */
export function serveBlob(storage: RegistryStorage, digest: string, { method }: RegistryRequest): RegistryAnswer {
  if (method !== 'GET' && method !== 'HEAD') return refused(405, 'UNSUPPORTED', 'The operation is unsupported.')
  const body = storage.blobs.get(digest)
  if (!body) return refused(404, 'BLOB_UNKNOWN', 'blob unknown to registry', digest)
  return { status: 200, headers: { 'content-type': 'application/octet-stream', 'docker-content-digest': digest }, body }
}

/** Begins an upload: of a whole blob, by mounting an existing blob, or in chunks. */
export function beginUpload(
  storage: RegistryStorage,
  uploads: Uploads,
  repository: string,
  request: RegistryRequest,
): RegistryAnswer {
  if (request.method !== 'POST') return refused(405, 'UNSUPPORTED', 'The operation is unsupported.')
  const { searchParams } = request.url
  const mount = searchParams.get('mount')
  if (mount && searchParams.has('from') && storage.blobs.has(mount)) return stored(repository, mount, request)
  const digest = searchParams.get('digest')
  if (digest) return commit(storage, repository, digest, request.body, request)
  const id = randomUUID()
  uploads.set(id, Buffer.alloc(0))
  return progress(repository, id, 0, request)
}

/** Continues (PATCH), completes (PUT) or cancels (DELETE) an upload. */
export function continueUpload(
  storage: RegistryStorage,
  uploads: Uploads,
  { repository, id }: { readonly repository: string; readonly id: string },
  request: RegistryRequest,
): RegistryAnswer {
  const begun = uploads.get(id)
  if (!begun) return refused(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry')
  if (request.method === 'DELETE') {
    uploads.delete(id)
    return { status: 204 }
  }
  const content = Buffer.concat([begun, request.body])
  if (request.method === 'PATCH') {
    uploads.set(id, content)
    return progress(repository, id, content.length, request)
  }
  if (request.method !== 'PUT') return refused(405, 'UNSUPPORTED', 'The operation is unsupported.')
  uploads.delete(id)
  return commit(storage, repository, request.url.searchParams.get('digest') ?? '', content, request)
}

function commit(
  storage: RegistryStorage,
  repository: string,
  digest: string,
  content: Buffer,
  request: RegistryRequest,
): RegistryAnswer {
  if (digestOf(content) !== digest)
    return refused(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', { digest })
  storage.blobs.set(digest, content)
  return stored(repository, digest, request)
}

function stored(repository: string, digest: string, { url }: RegistryRequest): RegistryAnswer {
  const location = new URL(`/v2/${repository}/blobs/${digest}`, url).href
  return { status: 201, headers: { location, 'docker-content-digest': digest } }
}

function progress(repository: string, id: string, size: number, { url }: RegistryRequest): RegistryAnswer {
  const location = new URL(`/v2/${repository}/blobs/uploads/${id}`, url).href
  const range = `0-${Math.max(0, size - 1)}`
  return { status: 202, headers: { location, range, 'docker-upload-uuid': id } }
}
