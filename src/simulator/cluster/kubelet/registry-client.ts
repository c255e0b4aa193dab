import { STATUS_CODES } from 'node:http'
import type { Pod } from '../../../kubernetes/resources.ts'
import { type Challenge, parseChallenges } from '../../../registry/auth/challenge.ts'
import { type Credential, matchCredentials, type PullSecret, readPullSecret } from '../../../registry/auth/keyring.ts'
import { apiHost } from '../../../registry/http/public-registries.ts'
import type { Reference } from '../../../registry/reference.ts'
import { type GoAnswer, type GoHttp, GoHttpError } from '../go-http.ts'
import { type Live, recordEvent, typedObject } from '../objects.ts'

export interface RegistryTarget {
  readonly host: string
  readonly repository: string
  /** The node speaks plain HTTP to it. */
  readonly plainHttp: boolean
  readonly credential: Credential | undefined
  readonly signal: AbortSignal
}

/** containerd's client of one repository, with a login. */
export interface RegistryClient {
  /**
   * Sends a request. `path`: below the repository, such as `manifests/1.0`. Throws PullFailure if there is no answer or no
   * login is possible.
   */
  ask(method: 'HEAD' | 'GET', path: string): Promise<GoAnswer & { readonly url: URL }>
}

const manifestTypes =
  'application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, */*'

export function registryClient(http: GoHttp, target: RegistryTarget): RegistryClient {
  const { host, repository, plainHttp, credential, signal } = target
  let authorization: string | undefined

  async function send(method: string, url: URL, headers: Readonly<Record<string, string>>): Promise<GoAnswer> {
    try {
      return await http({ method, url, headers: { 'user-agent': 'containerd/2.1.9+unknown', ...headers }, signal })
    } catch (error) {
      if (!(error instanceof GoHttpError)) throw error
      const code = error.code === 'timeout' ? 'DeadlineExceeded' : 'Unknown'
      const named = method === 'HEAD' ? 'Head' : 'Get'
      throw new PullFailure(code, `failed to do request: ${named} "${url}": ${error.message}`, { cause: error })
    }
  }

  async function logIn(refused: GoAnswer): Promise<string | undefined> {
    const challenges = parseChallenges(refused.headers['www-authenticate'] ?? '')
    const bearer = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.realm)
    if (bearer) return `Bearer ${await token(bearer)}`
    if (!challenges.some(({ scheme }) => scheme === 'basic')) return undefined
    if (credential) return basic(credential)
    throw denied('authorization failed: no basic auth credentials')
  }

  async function token({ parameters }: Challenge): Promise<string> {
    const url = new URL(parameters.realm ?? '')
    url.searchParams.set('scope', `repository:${repository}:pull`)
    if (parameters.service) url.searchParams.set('service', parameters.service)
    const kind = credential ? 'oauth' : 'anonymous'
    const failed = (words: string) =>
      new PullFailure('Unknown', `failed to authorize: failed to fetch ${kind} token: ${words}`)
    const answer = await send('GET', url, credential ? { authorization: basic(credential) } : {}).catch((error) => {
      throw error instanceof PullFailure ? failed(error.message.replace('failed to do request: ', '')) : error
    })
    if (answer.status !== 200)
      throw failed(`unexpected status from GET request to ${url}: ${statusLine(answer.status)}`)
    const parsed: unknown = JSON.parse(answer.body.toString('utf8'))
    return String((parsed as { token?: string }).token ?? '') // of a token server of the sample
  }

  return {
    async ask(method, path) {
      const url = new URL(`${plainHttp ? 'http' : 'https'}://${apiHost(host)}/v2/${repository}/${path}`)
      const headers = () => ({ accept: manifestTypes, ...(authorization && { authorization }) })
      const first = await send(method, url, headers())
      if (first.status !== 401 || authorization) return { ...first, url }
      authorization = await logIn(first)
      const second = authorization ? await send(method, url, headers()) : first
      if (second.status === 401 && /insufficient_scope/.test(second.headers['www-authenticate'] ?? ''))
        throw denied('server message: insufficient_scope: authorization failed')
      return { ...second, url }
    },
  }
}

function basic({ username, password }: Credential): string {
  return `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`
}

function denied(why: string): PullFailure {
  return new PullFailure(
    'Unknown',
    `pull access denied, repository does not exist or may require authorization: ${why}`,
  )
}

export type PullCredentials =
  | { readonly matching: readonly Credential[] }
  /** A secret cannot be decoded, so no secret is used. The message is Go's. */
  | { readonly broken: string }

/** Returns the logins that the kubelet tries for an image, in order. Records an event for missing secrets. */
export async function pullCredentials(
  live: Live,
  node: string,
  pod: Pod,
  reference: Reference,
): Promise<PullCredentials> {
  const { namespace } = pod.metadata
  const named = pod.spec.imagePullSecrets.map(async ({ name }) => ({
    name,
    secret: await secretOf(live, namespace, name),
  }))
  const read = await Promise.all(named)
  const missing = read.filter(({ secret }) => !secret).map(({ name }) => name)
  if (missing.length > 0) {
    const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`
    const said = { type: 'Warning', reason: 'FailedToRetrieveImagePullSecret', message } as const
    recordEvent(live, { kind: 'Pod', metadata: pod.metadata }, { ...said, component: 'kubelet', host: node })
  }
  const secrets = read.flatMap(({ secret }) => secret ?? [])
  const broken = secrets.find(({ problem }) => problem?.kind === 'broken')?.problem
  return broken ? { broken: brokenWords(broken.says) } : { matching: await matchCredentials(secrets, reference) }
}

async function secretOf({ store }: Live, namespace: string, name: string): Promise<PullSecret | undefined> {
  const object = store.get('secrets', { namespace, name })
  const secret = object && typedObject('secrets', object)
  return secret && readPullSecret(`secret ${namespace}/${name}`, secret.type, secret.data)
}

/** Returns the message of pkg/credentialprovider/config.go, without the exact position of a Base64 error. */
function brokenWords(says: string): string {
  if (says.includes('base64')) return 'illegal base64 data at input byte 0'
  if (says.includes('colon')) return 'unable to parse auth field, must be formatted as base64(username:password)'
  return 'unexpected end of JSON input'
}

/** The gRPC codes that containerd uses. Newer kubelets do not write `Unknown`. */
export type PullFailureCode = 'Unknown' | 'NotFound' | 'DeadlineExceeded' | 'FailedPrecondition'

/** A failed pull, with the message of containerd 2.1. */
export class PullFailure extends Error {
  override readonly name = 'PullFailure'
  readonly code: PullFailureCode

  constructor(code: PullFailureCode, words: string, options?: ErrorOptions) {
    super(code === 'Unknown' ? words : `rpc error: code = ${code} desc = ${words}`, options)
    this.code = code
  }
}

/** Writes an image name as containerd does, with host and tag. A digest replaces the tag. */
export function imageName({ host, repository, tag, digest }: Reference): string {
  return `${host}/${repository}${digest ? `@${digest}` : `:${tag ?? 'latest'}`}`
}

/** `404 Not Found`. */
export function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim()
}

/** Formats a duration as Go does: `47ms`, `1.234s`, `1m20s`. */
export function goDuration(ms: number): string {
  const whole = Math.round(ms)
  if (whole < 1_000) return `${whole}ms`
  const minutes = Math.floor(whole / 60_000)
  const seconds = (whole % 60_000) / 1_000
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}

/** Returns the error of distribution/reference for an invalid image name. Only capitals have their own message. */
export function invalidNameWords(image: string): string {
  const path = image.replace(/^[^/]*[.:][^/]*\//, '').replace(/[:@][^/]*$/, '')
  const lower = /^[\w./-]+$/.test(path) && path !== path.toLowerCase()
  return lower ? `invalid reference format: repository name (${path}) must be lowercase` : 'invalid reference format'
}

/** An image that a node has. */
export interface NodeImage {
  /** The digest that its reference had at the pull. */
  readonly digest: string
  readonly sizeBytes: number
  /** The architecture in its configuration: `amd64`. */
  readonly architecture: string
  /** The labels in its configuration. They select its program. */
  readonly labels: Readonly<Record<string, string>>
}
