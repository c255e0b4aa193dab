import type { Message } from './records.ts'
import type { Workspace } from './workspace.ts'

/** A message as the Web API, events and actions show it. `metadata`: only where it is asked for. */
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

/** What a root shows of its replies. */
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
