import type { Platform } from '../platform.ts'
import type { Channel, User } from '../workspace/records.ts'
import { CannotAct } from './cannot-act.ts'

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
