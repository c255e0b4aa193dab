import { z } from 'zod'
import { parseChallenges } from '../../../registry/auth/challenge.ts'
import { type GoAnswer, type GoHttp, GoHttpError, type GoRequest } from '../go-http.ts'
import { statusLine } from '../kubelet/registry-client.ts'

/** A client of one repository that behaves like go-containerregistry in Kaniko. Throws OciFailure with its messages. */
export interface OciClient {
  /** Finds the scheme of the registry and logs in: transport/ping.go. */
  connect(): Promise<void>
  /** `target`: a path below the repository, or an address that the registry gave. */
  send(method: string, target: string, expected: readonly number[], sent?: Sent): Promise<GoAnswer>
}

interface Sent {
  readonly body: Buffer
  readonly contentType: string
}

export interface OciTarget {
  readonly host: string
  readonly repository: string
  /** May speak plain HTTP. */
  readonly insecure: boolean
  readonly signal: AbortSignal
}

/** The registry gave an unexpected answer or none. The message is Kaniko's. */
export class OciFailure extends Error {
  override readonly name = 'OciFailure'
  readonly code: 'unreachable' | 'refused'

  constructor(code: OciFailure['code'], words: string, options?: ErrorOptions) {
    super(words, options)
    this.code = code
  }
}

// pkg/name/registry.go: private addresses are tried without TLS, too.
const privateAddress = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|127\.|localhost[:.])/

export function ociClient(http: GoHttp, { host, repository, insecure, signal }: OciTarget): OciClient {
  let scheme = 'https'
  let authorization: string | undefined

  async function once(request: GoRequest): Promise<GoAnswer> {
    const headers = { 'user-agent': 'kaniko/v1.24.0', ...request.headers, ...(authorization && { authorization }) }
    return http({ ...request, headers, signal }).catch((error) => {
      if (!(error instanceof GoHttpError)) throw error
      const { method, url } = request
      const named = method.charAt(0) + method.slice(1).toLowerCase()
      throw new OciFailure('unreachable', `${named} "${url}": ${error.message}`, { cause: error })
    })
  }

  async function connect(): Promise<void> {
    const schemes = insecure || privateAddress.test(host) ? ['https', 'http'] : ['https']
    const failures: string[] = []
    for (const tried of schemes) {
      const answer = await once({ method: 'GET', url: new URL(`${tried}://${host}/v2/`) }).catch((error) => {
        if (!(error instanceof OciFailure)) throw error
        failures.push(error.message)
      })
      if (!answer) continue
      scheme = tried
      return answer.status === 401 ? logIn(answer) : undefined
    }
    throw new OciFailure('unreachable', failures.join('; '))
  }

  /** Logs in anonymously, because builds of the sample have no login. */
  async function logIn(refused: GoAnswer): Promise<void> {
    const bearer = parseChallenges(refused.headers['www-authenticate'] ?? '').find(({ scheme }) => scheme === 'bearer')
    if (!bearer?.parameters.realm) return
    const url = new URL(bearer.parameters.realm)
    url.searchParams.set('scope', `repository:${repository}:pull`)
    url.searchParams.set('service', bearer.parameters.service ?? '')
    const answer = await once({ method: 'GET', url })
    const token = tokenSchema.safeParse(parsed(answer.body)).data?.token
    if (!token) throw new OciFailure('refused', `GET ${url}: ${told(answer)}`)
    authorization = `Bearer ${token}`
  }

  async function send(method: string, target: string, expected: readonly number[], sent?: Sent): Promise<GoAnswer> {
    const url = target.includes('://') ? new URL(target) : new URL(`${scheme}://${host}/v2/${repository}/${target}`)
    const headers = { accept: '*/*', ...(sent && { 'content-type': sent.contentType }) }
    const answer = await once({ method, url, headers, ...(sent && { body: sent.body }) })
    if (expected.includes(answer.status)) return answer
    throw new OciFailure('refused', `${method} ${url}: ${told(answer)}`)
  }

  return { connect, send }
}

const tokenSchema = z.object({ token: z.string() })
const errorsSchema = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.string(), detail: z.unknown() })).min(1),
})

/** transport/error.go: `MANIFEST_UNKNOWN: manifest unknown; map[Tag:1.0]`. */
function told({ status, body }: GoAnswer): string {
  const said = errorsSchema.safeParse(parsed(body)).data
  if (!said) return `unexpected status code ${statusLine(status)}${body.length > 0 ? `: ${body.toString('utf8')}` : ''}`
  return said.errors
    .map(({ code, message, detail }) => `${code}: ${message}${detail ? `; ${goValue(detail)}` : ''}`)
    .join('; ')
}

/** Formats a decoded JSON value as Go's %v does. */
function goValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `map[${entries.map(([key, of]) => `${key}:${goValue(of)}`).join(' ')}]`
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
