import type { Ids } from './workspace/ids.ts'
import type { Channel } from './workspace/records.ts'
import type { Workspace } from './workspace/workspace.ts'

/** The conversation of the bot with these users, which is opened where there was none. */
export function openDirectMessage(workspace: Workspace, ids: Ids, users: readonly string[]): Channel {
  const members = new Set([workspace.bot.userId, ...users])
  const kind = users.length > 1 ? 'mpim' : 'dm'
  const found = [...workspace.channels.values()].find(
    (channel) => channel.kind === kind && channel.members.symmetricDifference(members).size === 0,
  )
  if (found) return found
  const id = ids.next(kind === 'dm' ? 'D' : 'C')
  const names = users.map((user) => workspace.users.get(user)?.name ?? user)
  const name = kind === 'dm' ? '' : `mpdm-${names.join('--')}-1`
  const opened: Channel = { id, name, kind, members, isArchived: false, isExtShared: false }
  workspace.putChannel(opened)
  return opened
}
