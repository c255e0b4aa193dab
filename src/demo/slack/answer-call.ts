import { decodeArguments } from './decode-arguments.ts'
import type { Fault } from './faults.ts'
import { demandScope } from './methods/demand-scope.ts'
import type { Method } from './methods/method.ts'
import { methods } from './methods/methods.ts'
import type { Platform } from './platform.ts'
import { postingRate, tiers } from './rate-limiter.ts'
import { Refusal } from './refusal.ts'
import type { Reply } from './reply.ts'
import type { Scope } from './scope.ts'
import { tooManyRequests } from './too-many-requests.ts'
import { withFault } from './with-fault.ts'

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
