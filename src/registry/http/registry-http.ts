import type { Credential } from '../auth/keyring.ts'
import { type LoggedIn, logIn } from '../auth/login.ts'
import { RegistryError, spokeHttp } from '../errors.ts'
import { readRefusal } from '../refusal.ts'
import type { Asked, Question, Refusal } from '../registry.ts'
import type { ContactPolicy } from './contact-policy.ts'
import { type GuardedHttp, guardedHttp, type HttpAnswer, type Resolve, shown, type Timeouts } from './guarded-http.ts'
import { apiHost, isPublicName } from './public-registries.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'HEAD'
  readonly host: string
  /** After `/v2/`, with its query. */
  readonly path: string
  /** What a token is asked for. */
  readonly scope: string
  readonly accept?: string
  /** Bytes. */
  readonly limit: number
  readonly question: Pick<Question, 'credential' | 'plainHttp' | 'service' | 'signal'>
}

export interface ApiAnswer {
  readonly answer: HttpAnswer
  readonly asked: Asked
  /** The log-in was refused: then this is the answer. */
  readonly refused?: Refusal
}

export interface RegistryHttp {
  ask(request: ApiRequest): Promise<ApiAnswer>
  readonly requests: number
}

const redirects = 3

/** With TLS, or without it: because it is declared so, or because it answered TLS with HTTP. */
type Scheme = 'https' | 'http-declared' | 'http-downgraded'

/** Chooses the scheme, logs in where a registry asks for it, and remembers both. */
export function registryHttp(policy: ContactPolicy, resolve: Resolve, timeouts?: Partial<Timeouts>): RegistryHttp {
  const http = guardedHttp(policy, resolve, timeouts)
  const downgraded = new Set<string>()
  const logins = new Map<string, LoggedIn>()

  /**
   * HTTPS first. Plain HTTP at once where the operator or the kubelet's own words say so. A server that answers TLS with
   * HTTP is asked in clear text only at a private address, and never gets a credential: whoever holds its address could
   * answer like that.
   */
  async function ask(request: ApiRequest): Promise<ApiAnswer> {
    const host = apiHost(request.host)
    const declared = !isPublicHost(host) && (request.question.plainHttp || policy.plainHttp(host))
    const scheme = declared ? 'http-declared' : downgraded.has(host) ? 'http-downgraded' : 'https'
    try {
      return await askBy(scheme, host, request)
    } catch (error) {
      if (scheme !== 'https' || !(error instanceof RegistryError) || !spokeHttp(error.cause)) throw error
      const clear = urlOf('http-downgraded', host, request.path)
      if (isPublicHost(host) || !(await http.isLocal(clear, clear.host))) throw error
      downgraded.add(host)
      return askBy('http-downgraded', host, request)
    }
  }

  async function askBy(scheme: Scheme, host: string, request: ApiRequest): Promise<ApiAnswer> {
    const url = urlOf(scheme, host, request.path)
    const { credential } = request.question
    const clear = scheme !== 'https'
    const refused = clear && credential && (scheme !== 'http-declared' || !(await http.isLocal(url, url.host)))
    const allowed = refused ? undefined : credential
    const answered = await askAs(allowed, url, request)
    if ((answered.withheld || allowed !== credential) && isHidden(answered)) throw loginWithheld(host, answered)
    return answered
  }

  async function askAs(credential: Credential | undefined, url: URL, request: ApiRequest): Promise<Answered> {
    const key = JSON.stringify([url.origin, request.scope, credential?.source, credential?.username])
    const known = logins.get(key)
    const first = await send(http, request, url, known && sentBy(known, credential))
    if (first.answer.status !== 401 || known) return { ...first, withheld: known?.withheld ?? false }
    const { answer, asked } = first
    const { scope, question } = request
    const isTokenServer = (host: string): boolean => policy.isTokenServer?.(host, url.host) ?? false
    const login = await logIn(http, { answer, asked, scope, credential, url, isTokenServer, signal: question.signal })
    if ('refused' in login) return { ...first, refused: login.refused, withheld: login.withheld }
    logins.set(key, login)
    const second = await send(http, request, url, sentBy(login, credential))
    return { ...second, withheld: login.withheld }
  }

  return {
    ask,
    get requests() {
      return http.requests
    },
  }
}

interface Answered extends ApiAnswer {
  /** There is a credential, and it was not sent. */
  readonly withheld: boolean
}

/** Whether a registry may answer like that to a stranger about an image that those who log in can pull. */
function isHidden({ answer, asked, refused }: ApiAnswer): boolean {
  if (answer.status < 400) return false
  return ['unauthorized', 'denied', 'missing', 'not-a-registry'].includes(
    (refused ?? readRefusal(answer, asked)).status,
  )
}

function loginWithheld(host: string, { asked }: ApiAnswer): RegistryError {
  const why = `${host} wants a login, which goes only to its own host or a token server that the configuration names, over TLS or where plain HTTP is configured for a private address`
  return new RegistryError('not-allowed', `${asked.method} ${asked.url}`, why)
}

interface Sent {
  readonly header: string
  /** Whose login it is; undefined: nobody's. */
  readonly source: string | undefined
}

function sentBy({ header, withheld }: LoggedIn, credential: Credential | undefined): Sent {
  return { header, source: withheld ? undefined : credential?.source }
}

async function send(http: GuardedHttp, request: ApiRequest, url: URL, login: Sent | undefined): Promise<ApiAnswer> {
  const { method, limit, accept, question } = request
  const headers = { accept: accept ?? 'application/json' }
  const authorization = login && { authorization: login.header }
  const { signal } = question
  const answer = await http.send({
    method,
    url,
    headers,
    limit,
    redirects,
    registry: url.host,
    signal,
    ...authorization,
  })
  const credential = login?.source
  return { answer, asked: { method, url: shown(url), ...(credential && { credential }) } }
}

function isPublicHost(host: string): boolean {
  return isPublicName(URL.parse(`https://${host}`)?.hostname ?? host)
}

function urlOf(scheme: Scheme, host: string, path: string): URL {
  const url = `${scheme === 'https' ? 'https' : 'http'}://${host}/v2/${path}`
  if (URL.canParse(url)) return new URL(url)
  throw new RegistryError('not-allowed', `connect to ${host}`, `${host} is no host that can be asked`)
}
