import type { Scope } from './scope.ts'
import type { ChannelKind } from './workspace/records.ts'

const prefixes = { public: 'channels', private: 'groups', dm: 'im', mpim: 'mpim' } as const

/** What a kind of channel asks for: `channels:read`, `groups:history`. */
export function scopeOf(kind: ChannelKind, what: 'read' | 'history'): Scope {
  return `${prefixes[kind]}:${what}`
}
