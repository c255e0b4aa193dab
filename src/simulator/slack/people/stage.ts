import type { Platform } from '../platform.ts'
import type { Channel, Message, User } from '../workspace/records.ts'
import { CannotAct } from './attempts.ts'
import type { Courier } from './courier.ts'

/** What people act on: Slack, and the app behind it. */
export interface Stage {
  readonly platform: Platform
  readonly courier: Courier
}

export interface Present {
  readonly user: User
  readonly channel: Channel
}

/** A person in a channel where they can write. Throws CannotAct. */
export function present({ workspace }: Platform, of: { readonly user: string; readonly channel: string }): Present {
  const user = workspace.users.get(of.user)
  if (!user || user.isDeleted) throw new CannotAct('no-such-user', `there is no user ${of.user}`)
  const channel = workspace.channels.get(of.channel)
  if (!channel) throw new CannotAct('no-such-channel', `there is no channel ${of.channel}`)
  if (channel.isArchived) throw new CannotAct('is-archived', `${of.channel} is archived`)
  if (!channel.members.has(user.id)) throw new CannotAct('not-in-channel', `${of.user} is not in ${of.channel}`)
  return { user, channel }
}

/** Of what is not a public channel Slack gives the app a word instead of the name. */
export function shownName({ kind, name }: Channel): string {
  if (kind === 'dm') return 'directmessage'
  return kind === 'private' ? 'privategroup' : name
}

/** A message as it is now. Throws CannotAct. */
export function shownMessage({ workspace }: Platform, { channel, ts }: Pick<Message, 'channel' | 'ts'>): Message {
  const message = workspace.message(channel, ts)
  if (message && message.subtype !== 'tombstone') return message
  throw new CannotAct('no-such-message', `there is no message ${ts} in ${channel}`)
}
