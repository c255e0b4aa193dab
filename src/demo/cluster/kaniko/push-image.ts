import { parseReference, type Reference } from '../../../registry/parse-reference.ts'
import { digestOf } from '../../registry/digest-of.ts'
import { mediaTypes } from '../../registry/media-types.ts'
import type { GoHttp } from '../network/go-http.ts'
import type { Layer } from './base-image.ts'
import { BuildFailure, type BuildFailureCode } from './build-failure.ts'
import { OciFailure, ociClient } from './oci-client.ts'

export interface BuiltImage {
  readonly layers: readonly Layer[]
  readonly config: Buffer
}

interface Way {
  readonly http: GoHttp
  readonly insecure: boolean
  readonly signal: AbortSignal
}

const blame =
  'error checking push permissions -- make sure you entered the correct tag name, and that you are authenticated correctly, and try again: '

/** Before anything is built: pkg/executor/push.go, CheckPushPermissions. Throws BuildFailure. */
export async function checkPush(way: Way, destination: string): Promise<void> {
  const reference = parsed(destination, 'push-check', `${blame}getting tag for destination: `)
  const checking = `${blame}checking push permission for "${destination}": `
  const client = clientFor(way, reference)
  await told('push-check', `${checking}creating push check transport for ${reference.host} failed: `, () =>
    client.connect(),
  )
  const begun = await told('push-check', checking, () => client.send('POST', 'blobs/uploads/', [201, 202]))
  const { location } = begun.headers
  if (location) await client.send('DELETE', location, [204]).catch(() => undefined) // Kaniko does not wait for it either
}

/** Blobs that are not there, then the manifest. Returns its digest. Throws BuildFailure. */
export async function pushImage(way: Way, destination: string, { layers, config }: BuiltImage): Promise<string> {
  const reference = parsed(destination, 'push', 'error pushing image: getting tag for destination: ')
  const client = clientFor(way, reference)
  const configLayer = { digest: digestOf(config), mediaType: mediaTypes.config, content: config }
  const described = ({ digest, mediaType, content }: Layer) => ({ mediaType, digest, size: content.length })
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: described(configLayer),
    layers: layers.map(described),
  }
  const body = Buffer.from(JSON.stringify(manifest))
  await told('push', `error pushing image: failed to push to destination ${destination}: `, async () => {
    await client.connect()
    for (const layer of [configLayer, ...layers]) await pushBlob(client, layer)
    const sent = { body, contentType: mediaTypes.manifest }
    await client.send('PUT', `manifests/${reference.tag ?? 'latest'}`, [200, 201, 202], sent)
  })
  return digestOf(body)
}

async function pushBlob(client: ReturnType<typeof ociClient>, { digest, content }: Layer): Promise<void> {
  const there = await client.send('HEAD', `blobs/${digest}`, [200, 404])
  if (there.status === 200) return
  const contentType = 'application/octet-stream'
  const begun = await client.send('POST', 'blobs/uploads/', [201, 202])
  const moved = await client.send('PATCH', begun.headers.location ?? '', [201, 202, 204], {
    body: content,
    contentType,
  })
  const end = new URL(moved.headers.location ?? '')
  end.searchParams.set('digest', digest)
  await client.send('PUT', end.href, [201], { body: Buffer.alloc(0), contentType })
}

function clientFor({ http, insecure, signal }: Way, { host, repository }: Reference) {
  const registry = host === 'docker.io' ? 'index.docker.io' : host
  return ociClient(http, { host: registry, repository, insecure, signal })
}

function parsed(destination: string, code: BuildFailureCode, opening: string): Reference {
  const read = parseReference(destination)
  if (read.valid) return read.reference
  throw new BuildFailure(code, opening + badName(destination))
}

/** go-containerregistry's words: pkg/name/check.go. */
function badName(destination: string): string {
  const [, repository = destination] = /^[^/]*[.:][^/]*\/([^:]*)/.exec(destination) ?? []
  if (repository.length < 2) return `repository must be between 2 and 255 characters in length: ${repository}`
  return `repository can only contain the characters \`abcdefghijklmnopqrstuvwxyz0123456789_-./\`: ${repository}`
}

async function told<Value>(code: BuildFailureCode, opening: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof OciFailure ? new BuildFailure(code, opening + error.message) : error
  }
}
