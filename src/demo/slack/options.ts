import type { Clock } from './clock.ts'
import type { Scope } from './scope.ts'
import type { Seed } from './workspace/seed.ts'

export interface LocalSlackOptions {
  /** On 127.0.0.1. Default 0: a free one. */
  readonly port?: number
  readonly signingSecret?: string
  readonly botToken?: string
  readonly appToken?: string
  /** Of the bot token. Default: all that this Slack knows but `chat:write.public` and `chat:write.customize`. */
  readonly scopes?: readonly Scope[]
  /** Where the app is. Without it: over Socket Mode, or by `connectApp` later. */
  readonly eventsUrl?: string
  /** What permalinks begin with. Default: `https://local.slack.com`, by the team's domain. */
  readonly siteUrl?: string
  readonly seed?: Seed
  readonly clock?: Clock
  /** Default: as Slack. */
  readonly limits?: 'slack' | 'none'
  /** Milliseconds in which a message may be edited. Default: for ever. */
  readonly editWindow?: number
}
