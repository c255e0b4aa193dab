/** What came of an act, as the browser is told. */
export type Outcome =
  /** `ts`: of the message that was written. */
  | { readonly kind: 'done'; readonly ts?: string }
  /** A modal stays open; by block_id. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  /** The app did not take it; in Slack's words: `operation_timeout`, `dispatch_failed`. */
  | { readonly kind: 'failed'; readonly error: string }
  /** Nobody could do that, or not any more. */
  | { readonly kind: 'cannot'; readonly says: string }
