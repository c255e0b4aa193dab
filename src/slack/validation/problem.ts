/** What Slack would answer. With `invalid_…` come messages; the others stand alone. */
export type ProblemError =
  | 'invalid_arguments'
  | 'invalid_attachments'
  | 'invalid_blocks'
  | 'invalid_blocks_format'
  | 'invalid_metadata_format'
  | 'markdown_text_conflict'
  | 'metadata_too_large'
  | 'msg_blocks_too_long'
  | 'msg_too_long'
  | 'no_text'
  | 'view_too_large'
  | 'house_rule'

export interface Problem {
  /** Slack's name for it; `house_rule`: only we refuse it. */
  readonly error: ProblemError
  /** RFC 6901: `/blocks/0/text/text`. */
  readonly pointer: string
  /** In Slack's words, as far as they are known: "must be less than 3001 characters". */
  readonly message: string
}
