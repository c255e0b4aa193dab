import type { MessageMetadata } from '@slack/types'
import { Refusal } from './refusal.ts'
import type { Ids } from './workspace/ids.ts'
import type { Message } from './workspace/records.ts'
import type { Draft, Workspace } from './workspace/workspace.ts'

export interface NewMessage {
  readonly channel: string
  readonly user: string
  readonly botId?: string
  readonly username?: string
  readonly subtype?: 'bot_message'
  readonly draft: Draft
  readonly threadTs?: string
  /** A reply that the channel sees too. */
  readonly broadcast?: boolean
  readonly metadata?: MessageMetadata
}

/** Puts a message into a channel or thread. Throws Refusal where the thread takes no reply. */
export function postMessage(workspace: Workspace, ids: Ids, of: NewMessage): Message {
  const { draft, broadcast, threadTs, ...rest } = of
  if (threadTs) checkRoot(workspace, of.channel, threadTs)
  const message: Message = {
    ...rest,
    ...workspace.contentOf(draft),
    ...(threadTs && { threadTs }),
    ...(threadTs && broadcast && { subtype: 'thread_broadcast' }),
    ts: ids.ts(),
    edits: 0,
    reactions: [],
    isLocked: false,
  }
  workspace.putMessage(message)
  if (of.user === workspace.bot.userId && threadTs) clearStatus(workspace, of.channel, threadTs)
  return message
}

/** Only a root that is still there has a thread. What Slack says of a `thread_ts` that is none is not documented. */
function checkRoot(workspace: Workspace, channel: string, ts: string): void {
  const root = workspace.message(channel, ts)
  if (!root) throw new Refusal('thread_not_found')
  if (root.threadTs || root.subtype === 'tombstone') throw new Refusal('cannot_reply_to_message')
  if (root.isLocked) throw new Refusal('restricted_action_thread_locked')
}

/** "The status will be cleared when the app sends a reply." https://docs.slack.dev/reference/methods/assistant.threads.setStatus */
function clearStatus(workspace: Workspace, channel: string, threadTs: string): void {
  workspace.putStatus({ channel, threadTs, status: '', loadingMessages: [], at: 0 })
}
