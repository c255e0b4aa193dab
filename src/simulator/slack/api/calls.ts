import { z } from 'zod'
import type { Platform, Scope } from '../platform.ts'
import { appMethods, assistantMethods, viewMethods } from './app.ts'
import { chatMethods, reactionMethods } from './chat.ts'
import { conversationsMethods } from './conversations.ts'
import { demandScope, type Method } from './method.ts'
import { postingRate, tiers } from './rate-limiter.ts'
import { type Fault, Refusal, type Reply, tooManyRequests, withFault } from './replies.ts'
import { userMethods } from './users.ts'

export interface ApiRequest {
  /** `chat.postMessage` */
  readonly method: string
  readonly body: string
  readonly contentType: string
  /** The header's value. */
  readonly authorization: string
}

/** Answers a call of the Web API: applies an ordered fault, then checks token, limits and scopes, and runs the method. */
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

/** The scopes of other apps, which post and edit their posts. */
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

/** Fields of a form that hold JSON. https://docs.slack.dev/apis/web-api/#post_bodies */
const json = new Set(['attachments', 'blocks', 'loading_messages', 'message', 'metadata', 'view'])
/** Fields of a form that hold `true` or `false`. */
const flags = new Set([
  ...['as_user', 'link_names', 'mrkdwn', 'reply_broadcast', 'unfurl_links', 'unfurl_media'],
  ...['replace_original', 'delete_original'],
])
/** Fields that every call may have and methods ignore. Bolt sends `team_id` with every call. */
const common = new Set(['token', 'team_id'])

const objectSchema = z.record(z.string(), z.unknown())

export interface Decoded {
  /** The token in a form. JSON may not contain it. */
  readonly token?: string
  readonly args: Readonly<Record<string, unknown>>
}

/** Decodes the arguments of a call, from JSON or from a form with JSON in it. Throws Refusal. */
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

/** Parses JSON. Invalid JSON is returned as is, for the method to refuse. */
function parsedOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return otherwise
  }
}

/** Every method of the Web API that the local Slack has. */
const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...appMethods,
    ...assistantMethods,
    ...chatMethods,
    ...conversationsMethods,
    ...reactionMethods,
    ...userMethods,
    ...viewMethods,
  }),
)

const gone = new Set(['not_found', 'expired_url', 'used_url'])

/**
 * Answers a POST to a response_url. Unlike the Web API, it refuses with an HTTP error status; only 404 is documented. Its faults
 * have the name `response_url`.
 */
export function answerHook(platform: Platform, path: string, body: string): Reply {
  const at = platform.clock.now()
  const fault = platform.faults.next('response_url')
  const reply = withFault(fault, () => {
    try {
      platform.responseUrls.respond(path, parsedJson(body))
      return { kind: 'answer', status: 200, body: 'ok' }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const status = gone.has(error.code) ? 404 : 400
      return { kind: 'answer', status, body: { ok: false, error: error.code, ...error.details } }
    }
  })
  const ok = reply.kind === 'answer' && reply.status === 200
  const error = fault?.kind ?? errorOf(reply)
  platform.calls.push({ method: 'response_url', at, ok, ...(!ok && error && { error }) })
  return reply
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new Refusal('invalid_json')
  }
}

function errorOf(reply: Reply): string | undefined {
  const body: unknown = reply.kind === 'answer' ? reply.body : undefined
  return typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : undefined
}
