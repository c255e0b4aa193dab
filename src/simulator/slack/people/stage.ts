import type { Platform } from '../platform.ts'
import type { Channel, Message, User } from '../workspace/records.ts'
import { CannotAct } from './attempts.ts'
import type { Courier } from './courier.ts'

/** The local Slack and the delivery to the app. */
export interface Stage {
  readonly platform: Platform
  readonly courier: Courier
}

export interface Present {
  readonly user: User
  readonly channel: Channel
}

/** Returns a person and a channel where they can write. Throws CannotAct. */
export function present({ workspace }: Platform, of: { readonly user: string; readonly channel: string }): Present {
  const user = workspace.users.get(of.user)
  if (!user || user.isDeleted) throw new CannotAct('no-such-user', `there is no user ${of.user}`)
  const channel = workspace.channels.get(of.channel)
  if (!channel) throw new CannotAct('no-such-channel', `there is no channel ${of.channel}`)
  if (channel.isArchived) throw new CannotAct('is-archived', `${of.channel} is archived`)
  if (!channel.members.has(user.id)) throw new CannotAct('not-in-channel', `${of.user} is not in ${of.channel}`)
  return { user, channel }
}

/** Returns a channel's name as the app sees it. For channels that are not public, Slack gives a generic word. */
export function shownName({ kind, name }: Channel): string {
  if (kind === 'dm') return 'directmessage'
  return kind === 'private' ? 'privategroup' : name
}

/** Returns the current message. Throws CannotAct if it is gone. */
export function shownMessage({ workspace }: Platform, { channel, ts }: Pick<Message, 'channel' | 'ts'>): Message {
  const message = workspace.message(channel, ts)
  if (message && message.subtype !== 'tombstone') return message
  throw new CannotAct('no-such-message', `there is no message ${ts} in ${channel}`)
}
