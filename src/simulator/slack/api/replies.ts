import type { Problem } from '../validation/validate.ts'

/** The answer of the local Slack, or its failure. */
export type Reply =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      /** JSON. A string is sent as is. */
      readonly body: unknown
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }

/** https://docs.slack.dev/apis/web-api/rate-limits#responding-to-rate-limiting-conditions */
export function tooManyRequests(seconds: number): Reply {
  const body = { ok: false, error: 'ratelimited' }
  return { kind: 'answer', status: 429, headers: { 'retry-after': String(seconds) }, body }
}

/** Slack's own names, by the "Errors" of each page below https://docs.slack.dev/reference/methods. */
export type RefusalCode =
  | Exclude<Problem['error'], 'house_rule'>
  | 'already_reacted'
  | 'cannot_reply_to_message'
  | 'cant_delete_message'
  | 'cant_update_message'
  | 'block_mismatch'
  | 'channel_not_found'
  | 'edit_window_closed'
  | 'exchanged_trigger_id'
  | 'expired_trigger_id'
  | 'expired_url'
  | 'hash_conflict'
  | 'invalid_auth'
  | 'invalid_cursor'
  | 'invalid_json'
  | 'invalid_name'
  | 'invalid_trigger_id'
  | 'is_archived'
  | 'message_not_found'
  | 'missing_scope'
  | 'no_reaction'
  | 'no_such_subteam'
  | 'not_allowed_token_type'
  | 'not_authed'
  | 'not_found'
  | 'not_in_channel'
  | 'push_limit_reached'
  | 'ratelimited'
  | 'restricted_action_thread_locked'
  | 'thread_not_found'
  | 'unknown_method'
  | 'used_url'
  | 'user_not_found'
  | 'user_not_in_channel'

/** A refused call of the Web API (`ok: false`). `details` are added to the answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: RefusalCode, details: Readonly<Record<string, unknown>> = {}) {
    super(code)
    this.code = code
    this.details = details
  }
}

/** Throws the Refusal that Slack answers with: the first kind of problem, and all messages of that kind. */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first] = problems
  if (!first) return
  if (first.error === 'house_rule') throw new TypeError('Slack does not know our own rules')
  const messages = problems
    .filter((each) => each.error === first.error)
    .map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`)
  if (!first.error.startsWith('invalid_')) throw new Refusal(first.error)
  throw new Refusal(first.error, {
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  })
}

/**
 * A fault of a call. `before`: the call has no effect. `after`: it has its effect, but the answer is lost. `hang`: no answer
 * comes. `reset`: the connection breaks.
 */
export type Fault =
  | { readonly kind: 'rate-limited'; readonly retryAfter: number }
  | { readonly kind: 'server-error' | 'hang' | 'reset'; readonly effect: 'before' | 'after' }
  | { readonly kind: 'refusal'; readonly error: string }

export interface Faults {
  /** Makes the next calls of a method fail. Faults of one method are queued. */
  add(method: string, fault: Fault, times: number): void
  /** Takes the next fault of a method. */
  next(method: string): Fault | undefined
}

export function createFaults(): Faults {
  const waiting = new Map<string, Fault[]>()
  return {
    add(method, fault, times) {
      waiting.set(method, [...(waiting.get(method) ?? []), ...Array<Fault>(times).fill(fault)])
    },
    next: (method) => waiting.get(method)?.shift(),
  }
}

const broken: Reply = { kind: 'answer', status: 500, body: 'Internal Server Error' }

/** Runs a call with its fault. `work`: the effect of the call, which some faults skip. */
export function withFault(fault: Fault | undefined, work: () => Reply): Reply {
  if (!fault) return work()
  if (fault.kind === 'rate-limited') return tooManyRequests(fault.retryAfter)
  if (fault.kind === 'refusal') return { kind: 'answer', status: 200, body: { ok: false, error: fault.error } }
  if (fault.effect === 'after') work()
  return fault.kind === 'server-error' ? broken : { kind: fault.kind }
}
