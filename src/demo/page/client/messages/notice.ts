import type { Act } from '../../act.ts'

/** What Slack itself says to the viewer alone. Only this page knows of it. */
export interface Notice {
  readonly id: string
  readonly channel: string
  readonly thread?: string
  /** Of the message after which it stands. */
  readonly ts: string
  readonly text: string
  /** What the viewer may do about it. */
  readonly offer?: { readonly label: string; readonly act: Act }
}
