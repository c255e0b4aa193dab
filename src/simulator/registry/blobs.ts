import { randomUUID } from 'node:crypto'
import { type RegistryAnswer, type RegistryRequest, refused } from './request.ts'
import { digestOf, type RegistryStorage } from './storage.ts'

/** Uploads that began, by id. */
export type Uploads = Map<string, Buffer>

/** HEAD and GET of a blob. */
export function serveBlob(storage: RegistryStorage, digest: string, { method }: RegistryRequest): RegistryAnswer {
  if (method !== 'GET' && method !== 'HEAD') return refused(405, 'UNSUPPORTED', 'The operation is unsupported.')
  const body = storage.blobs.get(digest)
  if (!body) return refused(404, 'BLOB_UNKNOWN', 'blob unknown to registry', digest)
  return { status: 200, headers: { 'content-type': 'application/octet-stream', 'docker-content-digest': digest }, body }
}

/** Begins an upload: of a blob at once, of one that is here already, or of one that comes in pieces. */
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

/** A further piece (PATCH), the end (PUT), or no more of it (DELETE). */
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
