import { z } from 'zod'
import { Secret } from '../../secret.ts'
import { type GuardedHttp, type HttpAnswer, shown } from '../http/guarded-http.ts'
import { isKnownTokenServer } from '../http/public-registries.ts'
import { parseJson, readRefusal } from '../refusal.ts'
import type { Asked, Refusal } from '../registry.ts'
import { type Challenge, parseChallenges } from './challenge.ts'
import type { Credential } from './keyring.ts'

export interface LoggedIn {
  /** The value of an Authorization header. */
  readonly header: Secret
  /** There is a credential, and it was not sent. */
  readonly withheld: boolean
  /** Seconds that it can be used. */
  readonly lasts: number
}

export type Login = LoggedIn | { readonly refused: Refusal; readonly withheld: boolean }

const tokenSchema = z.object({
  token: z.string().optional(),
  access_token: z.string().optional(),
  expires_in: z.number().optional().catch(undefined),
})
/**
 * Seconds. A token lasts for the shortest time where its server names none or a shorter one:
 * https://distribution.github.io/distribution/spec/auth/token/ ("clients are expected to default to 60 seconds"). A Basic
 * header does not expire; whether the registry still asks for one is seen again from time to time.
 */
const lifetimes = { shortest: 60, longest: 3_600, basic: 300 } as const
/** Bytes: a token is a few kilobytes. */
const tokenLimit = 64 * 1024

export interface LoginRequest {
  /** The 401 with the challenges. */
  readonly answer: HttpAnswer
  readonly asked: Asked
  readonly scope: string | undefined
  readonly credential: Credential | undefined
  /** The credential's fingerprint. */
  readonly login: string
  /** The registry that was asked. The 401 may come from another host, to which it redirected. */
  readonly url: URL
  /** Whether the operator names this host, with its port, as a token server of the registry. */
  isTokenServer(host: string): boolean
  readonly signal: AbortSignal | undefined
}

/** Answers the challenge of a 401: distribution's token specification, or Basic. */
export async function logIn(http: GuardedHttp, request: LoginRequest): Promise<Login> {
  const challenges = parseChallenges(request.answer.headers['www-authenticate'] ?? '')
  const bearer = challenges.find(
    ({ scheme, parameters }) => scheme === 'bearer' && URL.canParse(parameters.realm ?? ''),
  )
  if (bearer) return askForToken(http, bearer, request)
  const basic = challenges.some(({ scheme }) => scheme === 'basic')
  if (!basic || !request.credential) return { refused: readRefusal(request.answer, request.asked), withheld: false }
  return { header: new Secret(basicHeader(request.credential)), withheld: false, lasts: lifetimes.basic }
}

async function askForToken(http: GuardedHttp, { parameters }: Challenge, request: LoginRequest): Promise<Login> {
  const { answer: refused, scope, credential, signal, url } = request
  const realm = new URL(parameters.realm ?? '')
  // Only a registry on plain HTTP may have its token server on plain HTTP.
  if (!/^https?:$/.test(realm.protocol) || (realm.protocol === 'http:' && url.protocol === 'https:'))
    return { refused: readRefusal(refused, request.asked), withheld: credential !== undefined }
  if (parameters.service) realm.searchParams.set('service', parameters.service)
  if (scope) realm.searchParams.set('scope', scope)
  const isNamed = realm.protocol === 'https:' && request.isTokenServer(realm.host)
  const own = credential && (isNamed || isKnownTokenServer(realm, url)) ? credential : undefined
  const withheld = own !== credential
  const answer = await http.send({
    method: 'GET',
    url: realm,
    headers: { accept: 'application/json' },
    ...(own && { authorization: basicHeader(own) }),
    limit: tokenLimit,
    redirects: own ? 0 : 1,
    registry: url.host,
    login: own ? request.login : '',
    signal,
  })
  const asked: Asked = { method: 'GET', url: shown(realm), ...(own && { credential: own.source }) }
  if (answer.status !== 200) return { refused: readRefusal(answer, asked, 'token-server'), withheld }
  const parsed = tokenSchema.safeParse(parseJson(answer.body)).data
  const token = parsed?.token || parsed?.access_token
  if (!token) return { refused: notAToken(answer, asked), withheld }
  const lasts = Math.min(Math.max(parsed?.expires_in ?? 0, lifetimes.shortest), lifetimes.longest)
  return { header: new Secret(`Bearer ${token}`), withheld, lasts }
}

function notAToken(answer: HttpAnswer, asked: Asked): Refusal {
  const contentType = answer.headers['content-type']
  return { status: 'not-a-registry', asked, http: answer.status, ...(contentType && { contentType }) }
}

function basicHeader({ username, password }: Credential): string {
  return `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`
}
