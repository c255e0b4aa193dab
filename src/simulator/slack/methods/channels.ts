import { Refusal } from '../api/refusal.ts'
import { scopeOf } from '../api/scope.ts'
import { openDirectMessage } from '../messages.ts'
import type { Platform } from '../platform.ts'
import type { Channel } from '../workspace/records.ts'
import { demandScope } from './method.ts'

/** Where the bot may post. A user's id stands for the direct message with them. Throws Refusal. */
export function postableChannel(platform: Platform, id: string): Channel {
  const { workspace, ids, scopes } = platform
  if (workspace.users.has(id)) return openDirectMessage(workspace, ids, [id])
  const channel = visibleChannel(platform, id)
  if (channel.isArchived) throw new Refusal('is_archived')
  const isOpen = channel.kind === 'public' && scopes.has('chat:write.public')
  if (!isOpen && !channel.members.has(platform.author.userId)) throw new Refusal('not_in_channel')
  return channel
}

/** `history`: its messages, for members only. Throws Refusal. */
export function readableChannel(platform: Platform, id: string, what: 'read' | 'history'): Channel {
  const channel = visibleChannel(platform, id)
  demandScope(platform, scopeOf(channel.kind, what))
  if (what === 'history' && !channel.members.has(platform.workspace.bot.userId)) throw new Refusal('not_in_channel')
  return channel
}

/** A private channel that the bot is not in does not exist for it. Throws Refusal `channel_not_found`. */
export function visibleChannel({ workspace, author }: Platform, id: string): Channel {
  const channel = workspace.channels.get(id)
  const isVisible = channel && (channel.kind === 'public' || channel.members.has(author.userId))
  if (!isVisible) throw new Refusal('channel_not_found')
  return channel
}
