import type { Asked, Refusal } from './answers.ts'
import { apiHost } from './api-host.ts'
import type { ContactPolicy } from './contact.ts'
import { type GuardedHttp, guardedHttp, type HttpAnswer, type Resolve, shown } from './guarded-http.ts'
import { type Login, logIn } from './log-in.ts'
import type { Question } from './registry.ts'
import { RegistryError } from './registry-error.ts'
import { spokeHttp } from './transport-failure.ts'

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
type Scheme = 'https' | 'http'

/** Chooses the scheme, logs in where a registry asks for it, and remembers both. */
export function registryHttp(policy: ContactPolicy, resolve: Resolve): RegistryHttp {
  const http = guardedHttp(policy, resolve)
  const schemes = new Map<string, Scheme>()
  const logins = new Map<string, string>()

  /** HTTPS first. Plain HTTP where an operator or the kubelet's own words say so, or the server answered TLS with HTTP. */
  async function ask(request: ApiRequest): Promise<ApiAnswer> {
    const host = apiHost(request.host)
    const declared = request.question.plainHttp || policy.plainHttp(host)
    const scheme = schemes.get(host) ?? (declared ? 'http' : 'https')
    try {
      return await askBy(scheme, host, request)
    } catch (error) {
      if (scheme === 'http' || !(error instanceof RegistryError) || !spokeHttp(error.cause)) throw error
      schemes.set(host, 'http')
      return askBy('http', host, request)
    }
  }

  async function askBy(scheme: Scheme, host: string, request: ApiRequest): Promise<ApiAnswer> {
    const url = urlOf(scheme, host, request.path)
    const { credential, signal } = request.question
    const key = JSON.stringify([url.origin, request.scope, credential?.source, credential?.username])
    const known = logins.get(key)
    const first = await send(http, request, url, known)
    if (first.answer.status !== 401 || known) return first
    const login: Login = await logIn(http, {
      answer: first.answer,
      asked: first.asked,
      scope: request.scope,
      credential,
      signal,
    })
    if ('refused' in login) return { ...first, refused: login.refused }
    logins.set(key, login.header)
    return send(http, request, url, login.header)
  }

  return {
    ask,
    get requests() {
      return http.requests
    },
  }
}

async function send(
  http: GuardedHttp,
  request: ApiRequest,
  url: URL,
  authorization: string | undefined,
): Promise<ApiAnswer> {
  const { method, limit, accept, question } = request
  const clear = url.protocol === 'http:' && question.credential && !(await http.isLocal(url))
  const header = clear ? undefined : authorization
  const headers = { accept: accept ?? 'application/json' }
  const answer = await http.send({
    method,
    url,
    headers,
    limit,
    redirects,
    signal: question.signal,
    ...(header && { authorization: header }),
  })
  const credential = header && question.credential ? question.credential.source : undefined
  return { answer, asked: { method, url: shown(url), ...(credential && { credential }) } }
}

function urlOf(scheme: Scheme, host: string, path: string): URL {
  const url = `${scheme}://${host}/v2/${path}`
  if (URL.canParse(url)) return new URL(url)
  throw new RegistryError('not-allowed', `connect to ${host}`, `${host} is no host that can be asked`)
}
