import type { Credential } from '../auth/keyring.ts'
import { type LoggedIn, logIn } from '../auth/login.ts'
import { RegistryError, spokeHttp } from '../errors.ts'
import type { Manners } from '../manners/manners.ts'
import { readRefusal } from '../refusal.ts'
import type { ApiAnswer, ApiRequest, RegistryHttp } from './api.ts'
import type { ContactPolicy } from './contact-policy.ts'
import { type GuardedHttp, guardedHttp, type Resolve, shown, type Timeouts } from './guarded-http.ts'
import { apiHost, isPublicName } from './public-registries.ts'

const redirects = 3

/** With TLS, or without it: because it is declared so, or because it answered TLS with HTTP. */
type Scheme = 'https' | 'http-declared' | 'http-downgraded'

export interface RegistryHttpOptions {
  readonly policy: ContactPolicy
  readonly resolve: Resolve
  readonly timeouts?: Partial<Timeouts> | undefined
  readonly manners: Manners
  /** Logins are shared by clients of the same realm. */
  realm(host: string): string
}

/** Chooses the scheme, logs in where a registry asks for it, and remembers both. */
export function registryHttp({ policy, resolve, timeouts, manners, realm }: RegistryHttpOptions): RegistryHttp {
  const { logins, fingerprint } = manners
  const http = guardedHttp({ policy, resolve, pace: manners.pace, timeouts })
  const downgraded = new Set<string>()

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

  /** A login that was made for an earlier question may have been withdrawn: after a 401 a new one is tried, once. */
  async function askAs(credential: Credential | undefined, url: URL, request: ApiRequest): Promise<Answered> {
    const login = fingerprint(credential)
    const key = JSON.stringify([realm(request.host), url.origin, request.scope, login])
    const known = logins.get(key)
    const first = await send(http, request, url, known && sentBy(known, credential, login))
    if (first.answer.status !== 401 || known?.isNew) return { ...first, withheld: known?.withheld ?? false }
    logins.delete(key)
    const { answer, asked } = first
    const { scope, question } = request
    const { signal } = question
    const isTokenServer = (host: string): boolean => policy.isTokenServer?.(host, url.host) ?? false
    const made = await logIn(http, { answer, asked, scope, credential, login, url, isTokenServer, signal })
    if ('refused' in made) return { ...first, refused: made.refused, withheld: made.withheld }
    logins.set(key, made)
    const second = await send(http, request, url, sentBy(made, credential, login))
    return { ...second, withheld: made.withheld }
  }

  return {
    ask,
    close: http.close,
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
  readonly authorization: string
  /** Where the login comes from; undefined: the request is anonymous. */
  readonly source: string | undefined
  readonly login: string
}

function sentBy({ header, withheld }: LoggedIn, credential: Credential | undefined, login: string): Sent {
  const source = withheld ? undefined : credential?.source
  return { authorization: header.reveal(), source, login: withheld ? '' : login }
}

async function send(http: GuardedHttp, request: ApiRequest, url: URL, sent: Sent | undefined): Promise<ApiAnswer> {
  const { method, limit, accept, question } = request
  const answer = await http.send({
    ...{ method, url, limit, redirects, registry: url.host, signal: question.signal, login: sent?.login ?? '' },
    headers: { accept: accept ?? 'application/json' },
    ...(sent && { authorization: sent.authorization }),
  })
  const credential = sent?.source
  return { answer, asked: { method, url: shown(url), ...(credential && { credential }) } }
}

/** Whether a reference's host, with or without its port, is a registry that anybody may use. */
export function isPublicHost(host: string): boolean {
  return isPublicName(URL.parse(`https://${host}`)?.hostname ?? host)
}

function urlOf(scheme: Scheme, host: string, path: string): URL {
  const url = `${scheme === 'https' ? 'https' : 'http'}://${host}/v2/${path}`
  if (URL.canParse(url)) return new URL(url)
  throw new RegistryError('not-allowed', `connect to ${host}`, `${host} is no host that can be asked`)
}
