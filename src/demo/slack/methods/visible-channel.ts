import type { Platform } from '../platform.ts'
import { Refusal } from '../refusal.ts'
import type { Channel } from '../workspace/records.ts'

/** A private channel that the bot is not in does not exist for it. Throws Refusal `channel_not_found`. */
export function visibleChannel({ workspace, author }: Platform, id: string): Channel {
  const channel = workspace.channels.get(id)
  const isVisible = channel && (channel.kind === 'public' || channel.members.has(author.userId))
  if (!isVisible) throw new Refusal('channel_not_found')
  return channel
}
