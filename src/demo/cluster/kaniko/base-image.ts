import { z } from 'zod'
import { parseReference } from '../../../registry/parse-reference.ts'
import type { GoHttp } from '../network/go-http.ts'
import { BuildFailure } from './build-failure.ts'
import type { KanikoLog } from './kaniko-log.ts'
import { type OciClient, OciFailure, ociClient } from './oci-client.ts'

/** What a build goes on from. */
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

/** The image behind FROM, pulled as Kaniko does: pkg/image/remote/remote.go. Throws BuildFailure. */
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
