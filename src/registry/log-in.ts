import { z } from 'zod'
import type { Asked, Refusal } from './answers.ts'
import { isTokenServerOf } from './api-host.ts'
import type { Credential } from './credential.ts'
import { type GuardedHttp, type HttpAnswer, shown } from './guarded-http.ts'
import { type Challenge, parseChallenges } from './parse-challenge.ts'
import { jsonOf, refusalOf } from './refusal.ts'

/** The value of an Authorization header, or why there is none. */
export type Login = { readonly header: string } | { readonly refused: Refusal }

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() })
/** Bytes: a token is a few kilobytes. */
const tokenLimit = 64 * 1024

export interface LoginRequest {
  /** The 401 that asks for it. */
  readonly answer: HttpAnswer
  readonly asked: Asked
  readonly scope: string | undefined
  readonly credential: Credential | undefined
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
  const header = basic ? await basicHeader(http, request.answer.url, request.credential) : undefined
  return header ? { header } : { refused: refusalOf(request.answer, request.asked) }
}

async function askForToken(http: GuardedHttp, { parameters }: Challenge, request: LoginRequest): Promise<Login> {
  const { answer: refused, scope, credential, signal } = request
  const realm = new URL(parameters.realm ?? '')
  // A registry in clear text may have its token server in clear text, no other.
  if (realm.protocol !== 'https:' && refused.url.protocol === 'https:')
    return { refused: refusalOf(refused, request.asked) }
  if (parameters.service) realm.searchParams.set('service', parameters.service)
  if (scope) realm.searchParams.set('scope', scope)
  const own = isTokenServerOf(realm, refused.url)
  const authorization = own ? await basicHeader(http, realm, credential) : undefined
  const answer = await http.send({
    method: 'GET',
    url: realm,
    headers: { accept: 'application/json' },
    ...(authorization && { authorization }),
    limit: tokenLimit,
    redirects: authorization ? 0 : 1,
    signal,
  })
  const asked: Asked = {
    method: 'GET',
    url: shown(realm),
    ...(authorization && credential && { credential: credential.source }),
  }
  if (answer.status !== 200) return { refused: refusalOf(answer, asked, 'token-server') }
  const parsed = tokenSchema.safeParse(jsonOf(answer.body)).data
  const token = parsed?.token || parsed?.access_token
  return token ? { header: `Bearer ${token}` } : { refused: notAToken(answer, asked) }
}

function notAToken(answer: HttpAnswer, asked: Asked): Refusal {
  const contentType = answer.headers['content-type']
  return { status: 'not-a-registry', asked, http: answer.status, ...(contentType && { contentType }) }
}

/** In clear text only to private and loopback addresses. */
async function basicHeader(
  http: GuardedHttp,
  url: URL,
  credential: Credential | undefined,
): Promise<string | undefined> {
  if (!credential || (url.protocol === 'http:' && !(await http.isLocal(url)))) return undefined
  return `Basic ${Buffer.from(`${credential.username}:${credential.password.reveal()}`).toString('base64')}`
}
