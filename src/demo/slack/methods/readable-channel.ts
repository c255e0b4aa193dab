import type { Platform } from '../platform.ts'
import { Refusal } from '../refusal.ts'
import { scopeOf } from '../scope-of.ts'
import type { Channel } from '../workspace/records.ts'
import { demandScope } from './demand-scope.ts'
import { visibleChannel } from './visible-channel.ts'

/** `history`: its messages, for members only. Throws Refusal. */
export function readableChannel(platform: Platform, id: string, what: 'read' | 'history'): Channel {
  const channel = visibleChannel(platform, id)
  demandScope(platform, scopeOf(channel.kind, what))
  if (what === 'history' && !channel.members.has(platform.workspace.bot.userId)) throw new Refusal('not_in_channel')
  return channel
}
