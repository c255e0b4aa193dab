import { z } from 'zod'
import { parseReference, type Reference } from '../../../registry/reference.ts'
import { digestOf, mediaTypes } from '../../registry/storage.ts'
import type { GoHttp } from '../go-http.ts'
import { BuildFailure, type BuildFailureCode, type KanikoLog } from './log.ts'
import { type OciClient, OciFailure, ociClient } from './oci-client.ts'

/** The base image of a build. */
export interface BaseImage {
  readonly layers: readonly Layer[]
  readonly labels: Readonly<Record<string, string>>
  readonly diffIds: readonly string[]
}

export interface Layer {
  readonly digest: string
  readonly mediaType: string
  readonly content: Buffer
}

const descriptor = z.object({ digest: z.string(), mediaType: z.string().default('') })
const manifestSchema = z.object({
  manifests: z.array(descriptor.extend({ platform: z.object({ architecture: z.string() }).optional() })).optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).default([]),
})
const configSchema = z.object({
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
  rootfs: z.object({ diff_ids: z.array(z.string()).default([]) }).default({ diff_ids: [] }),
})

/** Pulls the image of FROM as Kaniko does: pkg/image/remote/remote.go. Throws BuildFailure. */
export async function baseImage(
  http: GoHttp,
  name: string,
  {
    insecure,
    architecture,
    log,
    signal,
  }: {
    readonly insecure: boolean
    readonly architecture: string
    readonly log: KanikoLog
    readonly signal: AbortSignal
  },
): Promise<BaseImage> {
  if (name === 'scratch') return { layers: [], labels: {}, diffIds: [] }
  log.info(`Retrieving image manifest ${name}`)
  const parsed = parseReference(name)
  if (!parsed.valid) throw failure(`could not parse reference: ${name}`)
  const { host, repository, tag, digest } = parsed.reference
  // go-containerregistry's own name for Docker Hub.
  const registry = host === 'docker.io' ? 'index.docker.io' : host
  log.info(`Retrieving image ${name} from registry ${registry}`)
  const client = ociClient(http, { host: registry, repository, insecure, signal })
  try {
    await client.connect()
    return await read(client, digest ?? tag ?? 'latest', architecture)
  } catch (error) {
    if (!(error instanceof OciFailure)) throw error
    throw failure(`unable to complete operation after 0 attempts, last error: ${error.message}`)
  }
}

async function read(client: OciClient, reference: string, architecture: string): Promise<BaseImage> {
  const first = await manifest(client, reference)
  const fitting = first.manifests?.find(({ platform }) => platform?.architecture === architecture)
  if (first.manifests && !fitting)
    throw new OciFailure('refused', `no child with platform linux/${architecture} in index ${reference}`)
  const { config, layers } = fitting ? await manifest(client, fitting.digest) : first
  const content = await Promise.all(layers.map(async (it) => ({ ...it, content: await blob(client, it.digest) })))
  const told = config ? configSchema.parse(JSON.parse(String(await blob(client, config.digest)))) : undefined
  return { layers: content, labels: told?.config?.Labels ?? {}, diffIds: told?.rootfs.diff_ids ?? [] }
}

async function manifest(client: OciClient, reference: string): Promise<z.infer<typeof manifestSchema>> {
  const { body } = await client.send('GET', `manifests/${reference}`, [200])
  return manifestSchema.parse(JSON.parse(String(body)))
}

async function blob(client: OciClient, digest: string): Promise<Buffer> {
  return (await client.send('GET', `blobs/${digest}`, [200])).body
}

function failure(words: string): BuildFailure {
  return new BuildFailure('build', `error building image: ${words}`)
}

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

/** Checks push permission before the build: pkg/executor/push.go, CheckPushPermissions. Throws BuildFailure. */
export async function checkPush(way: Way, destination: string): Promise<void> {
  const reference = parsed(destination, 'push-check', `${blame}getting tag for destination: `)
  const checking = `${blame}checking push permission for "${destination}": `
  const client = clientFor(way, reference)
  await told('push-check', `${checking}creating push check transport for ${reference.host} failed: `, () =>
    client.connect(),
  )
  const begun = await told('push-check', checking, () => client.send('POST', 'blobs/uploads/', [201, 202]))
  const { location } = begun.headers
  if (location) await client.send('DELETE', location, [204]).catch(() => undefined) // Kaniko ignores failures here, too
}

/** Pushes missing blobs, then the manifest. Returns the manifest's digest. Throws BuildFailure. */
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
