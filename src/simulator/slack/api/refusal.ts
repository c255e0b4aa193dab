import type { Problem } from '../validation/validate.ts'

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

/** A Web API call that Slack answers with `ok: false`. `details` stand beside the error in the answer. */
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
