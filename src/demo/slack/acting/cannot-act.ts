export type CannotActCode =
  | 'ambiguous'
  | 'app-not-connected'
  | 'invalid-message'
  | 'is-archived'
  | 'missing-scope'
  | 'no-such-channel'
  | 'no-such-element'
  | 'no-such-message'
  | 'no-such-user'
  | 'no-such-view'
  | 'not-confirmed'
  | 'not-in-channel'
  | 'not-own-message'
  | 'required-input'

/** What no person could do in Slack: press what is not shown, write where they are not. */
export class CannotAct extends Error {
  override readonly name = 'CannotAct'
  readonly code: CannotActCode

  constructor(code: CannotActCode, message: string) {
    super(message)
    this.code = code
  }
}
