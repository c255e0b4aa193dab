import { z } from 'zod'
import type { Credential } from '../../../registry/auth/keyring.ts'
import type { Reference } from '../../../registry/reference.ts'
import { digestOf } from '../../registry/storage.ts'
import type { GoAnswer, GoHttp } from '../go-http.ts'
import {
  imageName,
  type NodeImage,
  PullFailure,
  type RegistryClient,
  registryClient,
  statusLine,
} from './registry-client.ts'

export interface Puller {
  readonly http: GoHttp
  /** Hosts with port to which the node speaks plain HTTP. */
  readonly plainHttp: ReadonlySet<string>
  /** `amd64`. */
  readonly architecture: string
}

const descriptor = z.object({ digest: z.string(), mediaType: z.string().default(''), size: z.number().default(0) })
const platform = z.object({ os: z.string(), architecture: z.string() })
const manifestSchema = z.object({
  manifests: z.array(descriptor.extend({ platform: platform.optional() })).optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).default([]),
})
const configSchema = z.object({
  architecture: z.string().default(''),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
})
type Descriptor = z.infer<typeof descriptor>

/** Resolves and fetches an image with its layers as containerd 2.1 does. Throws PullFailure with its messages. */
export async function pullImage(
  puller: Puller,
  reference: Reference,
  credential: Credential | undefined,
  signal: AbortSignal,
): Promise<NodeImage> {
  const { host, repository } = reference
  const plainHttp = puller.plainHttp.has(host)
  const client = registryClient(puller.http, { host, repository, plainHttp, credential, signal })
  const name = imageName(reference)
  const root = await inside(`failed to pull and unpack image "${name}": failed to resolve image: `, () =>
    resolve(client, reference, name),
  )
  return inside(`failed to pull and unpack image "${name}": `, () => fetchAll(client, root, puller.architecture))
}

/** Adds the current operation in front of a failure's message. */
async function inside<Value>(doing: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof PullFailure) || unwrapped.test(error.message)) throw error
    const words = error.message.replace(/^rpc error: code = \w+ desc = /, '')
    throw new PullFailure(error.code, `${doing}${words}`, { cause: error })
  }
}

// A message of containerd's image service after the transfer. It gets no prefix.
const unwrapped = /get image config descriptor: /

async function resolve(client: RegistryClient, { tag, digest }: Reference, name: string): Promise<Descriptor> {
  const answer = await client.ask('HEAD', `manifests/${digest ?? tag ?? 'latest'}`)
  if (answer.status === 404) throw new PullFailure('NotFound', `${name}: not found`)
  if (answer.status !== 200)
    throw new PullFailure(
      'Unknown',
      `unexpected status from HEAD request to ${answer.url}: ${statusLine(answer.status)}`,
    )
  const of = answer.headers['docker-content-digest'] ?? digest ?? ''
  const mediaType = answer.headers['content-type'] ?? ''
  if (!/manifest|index/.test(mediaType))
    throw new PullFailure(
      'NotFound',
      `get image config descriptor: unexpected media type ${mediaType} for ${of}: not found`,
    )
  return { digest: of, mediaType, size: Number(answer.headers['content-length'] ?? 0) }
}

async function fetchAll(client: RegistryClient, root: Descriptor, architecture: string): Promise<NodeImage> {
  const first = await readManifest(client, root)
  const chosen = first.manifests?.find((it) => it.platform?.os === 'linux' && it.platform.architecture === architecture)
  if (first.manifests && !chosen)
    throw new PullFailure(
      'NotFound',
      `get image config descriptor: no match for platform in manifest ${root.digest}: not found`,
    )
  const { config, layers } = chosen ? await readManifest(client, chosen) : first
  const blobs = [...(config ? [config] : []), ...layers]
  const [told] = await Promise.all(blobs.map((it) => fetchContent(client, `blobs/${it.digest}`, it)))
  const parsed = configSchema.safeParse(config && told ? JSON.parse(told.toString('utf8')) : {}).data
  return {
    digest: root.digest,
    sizeBytes: blobs.reduce((sum, { size }) => sum + size, 0),
    architecture: parsed?.architecture ?? '',
    labels: parsed?.config?.Labels ?? {},
  }
}

async function readManifest(client: RegistryClient, of: Descriptor): Promise<z.infer<typeof manifestSchema>> {
  const body = await fetchContent(client, `manifests/${of.digest}`, of)
  return manifestSchema.parse(JSON.parse(body.toString('utf8')))
}

async function fetchContent(client: RegistryClient, path: string, of: Descriptor): Promise<Buffer> {
  const opening = 'failed to copy: httpReadSeeker: failed open: '
  const answer = await inside(opening, () => client.ask('GET', path))
  if (answer.status === 404) {
    const words = `could not fetch content descriptor ${of.digest} (${of.mediaType}) from remote: not found`
    throw new PullFailure('NotFound', opening + words)
  }
  if (answer.status !== 200)
    throw new PullFailure(
      'Unknown',
      `${opening}unexpected status from GET request to ${answer.url}: ${statusLine(answer.status)}${saidIn(answer)}`,
    )
  const digest = digestOf(answer.body)
  if (digest !== of.digest)
    throw new PullFailure(
      'FailedPrecondition',
      `failed commit on ref "${kindOf(of)}-${of.digest}": unexpected commit digest ${digest}, expected ${of.digest}: failed precondition`,
    )
  return answer.body
}

function kindOf({ mediaType }: Descriptor): string {
  if (/layer/.test(mediaType)) return 'layer'
  if (/config/.test(mediaType)) return 'config'
  return /index|list/.test(mediaType) ? 'index' : 'manifest'
}

const errorsSchema = z.object({ errors: z.array(z.object({ code: z.string(), message: z.string() })) })

/** Returns the registry's errors, one on each line: `toomanyrequests: You have reached …`. */
function saidIn({ body }: GoAnswer): string {
  try {
    const { errors } = errorsSchema.parse(JSON.parse(body.toString('utf8')))
    return errors.map(({ code, message }) => `\n${code.toLowerCase()}: ${message}`).join('')
  } catch {
    return ''
  }
}
