import type { Channel } from './records.ts'
import type { Workspace } from './workspace.ts'

/** https://docs.slack.dev/reference/objects/conversation-object */
export function channelJson(channel: Channel, workspace: Workspace): Readonly<Record<string, unknown>> {
  const { id, name, kind, members, isArchived, isExtShared } = channel
  const isMember = members.has(workspace.bot.userId)
  const flags = {
    is_channel: kind === 'public' || kind === 'private',
    is_group: kind === 'private',
    is_im: kind === 'dm',
    is_mpim: kind === 'mpim',
    is_private: kind !== 'public',
    is_archived: isArchived,
    is_shared: isExtShared,
    is_ext_shared: isExtShared,
    is_org_shared: false,
    is_pending_ext_shared: false,
  }
  if (kind === 'dm') return { id, ...flags, user: [...members].find((it) => it !== workspace.bot.userId) }
  return { id, name, name_normalized: name, ...flags, is_member: isMember, context_team_id: workspace.team.id }
}
