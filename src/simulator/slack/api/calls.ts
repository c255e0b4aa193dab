import { z } from 'zod'
import { demandScope, type Method } from '../methods/method.ts'
import { methods } from '../methods/methods.ts'
import type { Platform } from '../platform.ts'
import { type Fault, withFault } from './faults.ts'
import { postingRate, tiers } from './rate-limiter.ts'
import { Refusal } from './refusal.ts'
import { type Reply, tooManyRequests } from './reply.ts'
import type { Scope } from './scope.ts'

export interface ApiRequest {
  /** `chat.postMessage` */
  readonly method: string
  readonly body: string
  readonly contentType: string
  /** The header's value. */
  readonly authorization: string
}

/** A call of the Web API: what goes wrong by order, then the token, the limits, the scopes, and the method itself. */
export function answerCall(platform: Platform, request: ApiRequest): Reply {
  const at = platform.clock.now()
  const fault = platform.faults.next(request.method)
  const reply = withFault(fault, () => answer(platform, request))
  platform.calls.push({ method: request.method, at, ...outcome(reply, fault), ...channelOf(request) })
  return reply
}

function answer(platform: Platform, request: ApiRequest): Reply {
  const headers = { 'x-oauth-scopes': [...platform.scopes].join(',') }
  try {
    const method = methods.get(request.method)
    if (!method) throw new Refusal('unknown_method', { req_method: request.method })
    const { args, token } = decodeArguments(request.body, request.contentType)
    const given = request.authorization.replace(/^Bearer /i, '') || (token ?? '')
    const caller = callerOf(platform, given)
    checkToken(caller, method, given)
    const wait = overLimit(platform, request.method, method, String(args.channel ?? ''))
    if (wait !== undefined) return tooManyRequests(wait)
    if (method.scope) demandScope(caller, method.scope)
    return { kind: 'answer', status: 200, headers, body: { ok: true, ...method.answer(caller, args) } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'answer', status: 200, headers, body: { ok: false, error: error.code, ...error.details } }
  }
}

/** Other apps post, and edit what they posted. */
const othersScopes: ReadonlySet<Scope> = new Set(['chat:write', 'chat:write.customize'])

function callerOf(platform: Platform, token: string): Platform {
  const author = platform.otherBots.get(token)
  return author ? { ...platform, author, botToken: token, scopes: othersScopes } : platform
}

function checkToken({ botToken, appToken }: Platform, method: Method, token: string): void {
  if (method.token === 'none') return
  if (token === '') throw new Refusal('not_authed')
  if (token !== botToken && token !== appToken) throw new Refusal('invalid_auth')
  if (token !== (method.token === 'app' ? appToken : botToken)) throw new Refusal('not_allowed_token_type')
}

/** Seconds to wait. */
function overLimit({ limiter }: Platform, name: string, method: Method, channel: string): number | undefined {
  const wait = limiter?.take(name, tiers[method.tier])
  if (wait !== undefined || name !== 'chat.postMessage') return wait
  return limiter?.take(`${name} ${channel}`, postingRate)
}

function outcome(reply: Reply, fault: Fault | undefined): { readonly ok: boolean; readonly error?: string } {
  if (reply.kind !== 'answer') return { ok: false, error: reply.kind }
  if (fault?.kind === 'server-error') return { ok: false, error: fault.kind }
  const { ok, error } = reply.body as { readonly ok: boolean; readonly error?: string } // every other answer has them
  return { ok, ...(error !== undefined && { error }) }
}

function channelOf({ body, contentType }: ApiRequest): { readonly channel?: string } {
  const channel = contentType.startsWith('application/json')
    ? /"channel"\s*:\s*"(\w+)"/.exec(body)?.[1]
    : new URLSearchParams(body).get('channel')
  return channel ? { channel } : {}
}

/** In a form these hold JSON. https://docs.slack.dev/apis/web-api/#post_bodies */
const json = new Set(['attachments', 'blocks', 'loading_messages', 'message', 'metadata', 'view'])
/** In a form these hold `true` or `false`. */
const flags = new Set([
  ...['as_user', 'link_names', 'mrkdwn', 'reply_broadcast', 'unfurl_links', 'unfurl_media'],
  ...['replace_original', 'delete_original'],
])
/** What every call may hold, and no method looks at. Bolt sends `team_id` along with every call. */
const common = new Set(['token', 'team_id'])

const objectSchema = z.record(z.string(), z.unknown())

export interface Decoded {
  /** Where a form names it. JSON may not. */
  readonly token?: string
  readonly args: Readonly<Record<string, unknown>>
}

/** The arguments of a call, from a form with JSON inside or from JSON. Throws Refusal. */
function decodeArguments(body: string, contentType: string): Decoded {
  const isJson = contentType.startsWith('application/json')
  const fields = isJson ? fromJson(body) : fromForm(body)
  const { token } = fields
  return {
    ...(!isJson && typeof token === 'string' && { token }),
    args: Object.fromEntries(Object.entries(fields).filter(([name]) => !common.has(name))),
  }
}

function fromJson(body: string): Readonly<Record<string, unknown>> {
  const parsed = objectSchema.safeParse(parsedOr(body || '{}', undefined))
  if (!parsed.success) throw new Refusal('invalid_json')
  return parsed.data
}

function fromForm(body: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...new URLSearchParams(body)].map(([name, value]) => [name, decoded(name, value)]))
}

function decoded(name: string, value: string): unknown {
  if (json.has(name)) return parsedOr(value, value)
  if (flags.has(name)) return value === 'true' || value === '1'
  return value
}

/** What is no JSON is left for the method to refuse. */
function parsedOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return otherwise
  }
}
