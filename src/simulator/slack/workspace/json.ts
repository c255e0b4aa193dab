import type { Channel, Message, View } from './records.ts'
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

/** Returns a message as the Web API, events and actions show it. `metadata`: only on request. */
export function messageJson(
  message: Message,
  workspace: Workspace,
  { metadata = false }: { readonly metadata?: boolean } = {},
): Readonly<Record<string, unknown>> {
  const { channel, ts, threadTs, botId, username, subtype, edited, reactions } = message
  const bot = botId ? workspace.bots.get(botId) : undefined
  return {
    type: 'message',
    ...(subtype && { subtype }),
    user: message.user,
    ts,
    text: message.text,
    team: workspace.team.id,
    ...(botId && { bot_id: botId }),
    ...(username && { username }),
    ...(bot && { app_id: bot.appId, bot_profile: botProfile(bot, workspace) }),
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.attachments.length > 0 && { attachments: message.attachments }),
    ...(threadTs ? { thread_ts: threadTs } : thread(workspace.messages(channel), ts)),
    ...(edited && { edited }),
    ...(reactions.length > 0 && { reactions: reactions.map((each) => ({ ...each, count: each.users.length })) }),
    ...(metadata && message.metadata && { metadata: message.metadata }),
  }
}

function botProfile(
  { id, appId, name }: { readonly id: string; readonly appId: string; readonly name: string },
  workspace: Workspace,
) {
  return { id, app_id: appId, name, deleted: false, updated: 0, team_id: workspace.team.id }
}

/** Returns the fields of a root that describe its thread. */
function thread(messages: readonly Message[], ts: string): Readonly<Record<string, unknown>> {
  const replies = messages.filter((each) => each.threadTs === ts)
  const last = replies.at(-1)
  if (!last) return {}
  const users = [...new Set(replies.map((each) => each.user))]
  return {
    thread_ts: ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    reply_users: users,
    latest_reply: last.ts,
  }
}

/** The values of a view's inputs, by block_id and action_id. */
export type ViewValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function viewJson(view: View, workspace: Workspace, values: ViewValues = {}): Readonly<Record<string, unknown>> {
  const { id, hash, rootId, previousId, content } = view
  const modal = content.type === 'modal' ? content : undefined
  return {
    id,
    team_id: workspace.team.id,
    app_id: workspace.bot.appId,
    app_installed_team_id: workspace.team.id,
    bot_id: workspace.bot.id,
    type: content.type,
    title: modal?.title ?? null,
    close: modal?.close ?? null,
    submit: modal?.submit ?? null,
    blocks: content.blocks,
    private_metadata: content.private_metadata ?? '',
    callback_id: content.callback_id ?? '',
    external_id: content.external_id ?? '',
    state: { values },
    hash,
    clear_on_close: modal?.clear_on_close ?? false,
    notify_on_close: modal?.notify_on_close ?? false,
    root_view_id: rootId,
    previous_view_id: previousId ?? null,
  }
}
