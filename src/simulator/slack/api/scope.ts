import type { ChannelKind } from '../workspace/records.ts'

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
