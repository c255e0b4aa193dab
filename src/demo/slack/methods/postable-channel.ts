import { openDirectMessage } from '../open-direct-message.ts'
import type { Platform } from '../platform.ts'
import { Refusal } from '../refusal.ts'
import type { Channel } from '../workspace/records.ts'
import { visibleChannel } from './visible-channel.ts'

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
