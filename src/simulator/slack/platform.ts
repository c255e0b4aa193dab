import type { Clock } from '../clock.ts'
import type { RateLimiter } from './api/rate-limiter.ts'
import type { Faults } from './api/replies.ts'
import type { ResponseUrls } from './responses.ts'
import type { SocketMode } from './socket-mode.ts'
import type { Triggers } from './views.ts'
import type { Ids } from './workspace/ids.ts'
import type { Bot, Channel, ChannelKind } from './workspace/records.ts'
import type { Seed, Workspace } from './workspace/workspace.ts'

/** A call of the Web API or of a response_url, for counting. */
export interface Call {
  readonly method: string
  /** Milliseconds since 1970, on Slack's clock. */
  readonly at: number
  readonly channel?: string
  /** Of a call that failed: Slack's name for it, or what went wrong with it by order. */
  readonly error?: string
  readonly ok: boolean
}

/** As Slack's Events API words it. */
export type AppEvent = Readonly<Record<string, unknown>> & { readonly type: string }

/** What the parts of the local Slack share. */
export interface Platform {
  readonly clock: Clock
  readonly ids: Ids
  readonly workspace: Workspace
  readonly signingSecret: string
  readonly botToken: string
  /** Of other apps' bots, by their tokens. */
  readonly otherBots: ReadonlyMap<string, Bot>
  /** Whose call is answered: the app's own bot, or another. */
  readonly author: Bot
  readonly appToken: string
  readonly scopes: ReadonlySet<Scope>
  /** undefined: no limits. */
  readonly limiter: RateLimiter | undefined
  readonly faults: Faults
  readonly triggers: Triggers
  readonly responseUrls: ResponseUrls
  readonly socketMode: SocketMode
  /** Called after a message of a bot was written or edited: the app may know of it. */
  readonly told: (channel: Channel, event: AppEvent) => void
  /** Block types that this workspace does not know. */
  readonly unknownBlocks: ReadonlySet<string>
  /** Milliseconds in which a message may be edited; undefined: for ever. */
  readonly editWindow: number | undefined
  readonly calls: Call[]
  /** What permalinks begin with: `https://local.slack.com`. */
  readonly siteUrl: string
}

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

/** https://docs.slack.dev/reference/scopes: those that a method or an event here may ask for. */
export type Scope =
  | 'app_mentions:read'
  | 'channels:history'
  | 'channels:read'
  | 'chat:write'
  | 'chat:write.customize'
  | 'chat:write.public'
  | 'commands'
  | 'groups:history'
  | 'groups:read'
  | 'im:history'
  | 'im:read'
  | 'im:write'
  | 'mpim:history'
  | 'mpim:read'
  | 'mpim:write'
  | 'reactions:read'
  | 'reactions:write'
  | 'usergroups:read'
  | 'users:read'

const prefixes = { public: 'channels', private: 'groups', dm: 'im', mpim: 'mpim' } as const

/** What a kind of channel asks for: `channels:read`, `groups:history`. */
export function scopeOf(kind: ChannelKind, what: 'read' | 'history'): Scope {
  return `${prefixes[kind]}:${what}`
}
