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
  /** The error of a failed call: Slack's code, or the ordered fault. */
  readonly error?: string
  readonly ok: boolean
}

/** An event of Slack's Events API. */
export type AppEvent = Readonly<Record<string, unknown>> & { readonly type: string }

/** The state and services that the parts of the local Slack share. */
export interface Platform {
  readonly clock: Clock
  readonly ids: Ids
  readonly workspace: Workspace
  readonly signingSecret: string
  readonly botToken: string
  /** The bots of other apps, by token. */
  readonly otherBots: ReadonlyMap<string, Bot>
  /** The bot whose call is answered. */
  readonly author: Bot
  readonly appToken: string
  readonly scopes: ReadonlySet<Scope>
  /** undefined: no limits. */
  readonly limiter: RateLimiter | undefined
  readonly faults: Faults
  readonly triggers: Triggers
  readonly responseUrls: ResponseUrls
  readonly socketMode: SocketMode
  /** Called after a bot wrote or edited a message, to send the app an event. */
  readonly told: (channel: Channel, event: AppEvent) => void
  /** Block types that this workspace refuses. */
  readonly unknownBlocks: ReadonlySet<string>
  /** Milliseconds in which a message may be edited. undefined: forever. */
  readonly editWindow: number | undefined
  readonly calls: Call[]
  /** The beginning of permalinks: `https://local.slack.com`. */
  readonly siteUrl: string
}

export interface LocalSlackOptions {
  /** Default 0: a free one. */
  readonly port?: number
  /** The address to listen at. Default: 127.0.0.1. */
  readonly host?: string
  readonly signingSecret?: string
  readonly botToken?: string
  readonly appToken?: string
  /** The scopes of the bot token. Default: all known ones except `chat:write.public` and `chat:write.customize`. */
  readonly scopes?: readonly Scope[]
  /** The app's address. Absent: Socket Mode, or `connectApp` later. */
  readonly eventsUrl?: string
  /** The beginning of permalinks. Default: `https://local.slack.com`, with the team's domain. */
  readonly siteUrl?: string
  readonly seed?: Seed
  readonly clock?: Clock
  /** Default: Slack's limits. */
  readonly limits?: 'slack' | 'none'
  /** Milliseconds in which a message may be edited. Default: forever. */
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

/** Returns the scope for a kind of channel: `channels:read`, `groups:history`. */
export function scopeOf(kind: ChannelKind, what: 'read' | 'history'): Scope {
  return `${prefixes[kind]}:${what}`
}
