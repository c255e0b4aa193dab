/** What the app made of what Slack sent it. */
export interface AppAnswer {
  /** Of HTTP; an acknowledgement over Socket Mode counts as 200. `not-sent`: the app did not ask for such events. */
  readonly status: number | 'timeout' | 'connection-failed' | 'not-sent'
  /** Parsed where it is JSON; undefined: empty. */
  readonly body: unknown
  /** Milliseconds until it came, in real time. */
  readonly ms: number
  /** 2, where Slack tried an event again at once. */
  readonly attempts: number
  /** Slack's name for what is wrong with the body, where it would not show it. */
  readonly refused?: string
}
