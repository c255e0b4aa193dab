import type { MessageAttachment, MessageMetadata } from '@slack/types'
import { Refusal, refuseProblems } from './api/replies.ts'
import { type MessageKind, type Problem, validateMessage } from './validation/validate.ts'
import type { Ids } from './workspace/ids.ts'
import type { Channel, Content, Message } from './workspace/records.ts'
import type { Draft, Workspace } from './workspace/workspace.ts'

export interface NewMessage {
  readonly channel: string
  readonly user: string
  readonly botId?: string
  readonly username?: string
  readonly subtype?: 'bot_message'
  readonly draft: Draft
  readonly threadTs?: string
  /** The reply is also shown in the channel. */
  readonly broadcast?: boolean
  readonly metadata?: MessageMetadata
}

/** Posts a message to a channel or thread. Throws Refusal if the thread accepts no reply. */
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

/** Throws Refusal if the root is missing or locked. Slack's answer to an invalid `thread_ts` is not documented. */
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

/** The arguments of a call that shows a message, once they are validated. */
export interface MessagePayload {
  readonly channel?: string
  readonly user?: string
  readonly ts?: string
  readonly text?: string
  readonly markdown_text?: string
  readonly blocks?: readonly unknown[]
  readonly attachments?: readonly MessageAttachment[]
  /** Empty: removes the metadata. */
  readonly metadata?: Partial<MessageMetadata>
  readonly thread_ts?: string
  readonly reply_broadcast?: boolean
  readonly username?: string
  readonly icon_emoji?: string
  readonly icon_url?: string
  readonly parse?: 'full' | 'none'
  readonly link_names?: boolean
  readonly response_type?: 'ephemeral' | 'in_channel'
  readonly replace_original?: boolean
  readonly delete_original?: boolean
}

/** Validates a message. Throws Refusal if Slack would refuse it. `unknownBlocks`: block types that this workspace refuses. */
export function admitMessage(payload: unknown, kind: MessageKind, unknownBlocks: ReadonlySet<string>): MessagePayload {
  const admitted = payload as MessagePayload // as validateMessage finds it, or it is refused
  refuseProblems(validateMessage(payload, kind))
  refuseProblems(unsupported(admitted.blocks, '/blocks', unknownBlocks))
  return admitted
}

function unsupported(value: unknown, at: string, types: ReadonlySet<string>): readonly Problem[] {
  if (typeof value !== 'object' || value === null) return []
  const type = 'type' in value ? String(value.type) : ''
  const own: readonly Problem[] = types.has(type)
    ? [{ error: 'invalid_blocks', pointer: `${at}/type`, message: `unsupported type: ${type}` }]
    : []
  return [...own, ...Object.entries(value).flatMap(([key, inside]) => unsupported(inside, `${at}/${key}`, types))]
}

/** Deletes a message. A root with replies becomes a tombstone. */
export function deleteMessage(workspace: Workspace, message: Message): void {
  const hasReplies = workspace.messages(message.channel).some((each) => each.threadTs === message.ts)
  if (!hasReplies) {
    workspace.removeMessage(message)
    return
  }
  const { metadata: _, ...rest } = message
  const content = workspace.contentOf({ text: 'This message was deleted.' })
  workspace.putMessage({ ...rest, ...content, subtype: 'tombstone', user: 'USLACKBOT', reactions: [] })
}

/** Characters. Slack truncates longer texts. https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const longestText = 40_000

/** Makes a draft from a payload. `markdown_text` becomes a markdown block with a fallback text. */
export function draftOf(payload: MessagePayload): Draft {
  const { markdown_text, blocks, attachments, parse, link_names } = payload
  const text = payload.text ?? markdown_text
  const shown = markdown_text === undefined ? blocks : [{ type: 'markdown', text: markdown_text }]
  return {
    ...(text !== undefined && { text: [...text].slice(0, longestText).join('') }),
    ...(shown && { blocks: shown }),
    ...(attachments && { attachments }),
    linkNames: link_names === true || parse === 'full',
  }
}

/**
 * Returns the content of a message after an edit. Missing parts stay; an empty list removes. Throws Refusal `block_mismatch`,
 * in Slack's words "rich-text blocks cannot be replaced with non-rich-text blocks".
 */
export function editedContent(workspace: Workspace, before: Content, draft: Draft): Content {
  const { text, blocks, attachments } = before
  const after = workspace.contentOf({ text, blocks, attachments, ...draft })
  if (isRich(before) && !isRich(after)) throw new Refusal('block_mismatch')
  return after
}

function isRich({ blocks }: Content): boolean {
  return blocks.some((block) => block.type === 'rich_text')
}

/** Adds a reaction. Throws Refusal `already_reacted` or `invalid_name`. */
export function withReaction(message: Message, name: string, user: string): Message {
  if (!/^[a-z0-9_+'-]{1,100}(?:::skin-tone-[2-6])?$/.test(name)) throw new Refusal('invalid_name')
  const found = message.reactions.find((reaction) => reaction.name === name)
  if (found?.users.includes(user)) throw new Refusal('already_reacted')
  const users = [...(found?.users ?? []), user]
  return { ...message, reactions: [...message.reactions.filter((reaction) => reaction !== found), { name, users }] }
}

/** Removes a reaction. Throws Refusal `no_reaction`. */
export function withoutReaction(message: Message, name: string, user: string): Message {
  const found = message.reactions.find((reaction) => reaction.name === name)
  if (!found?.users.includes(user)) throw new Refusal('no_reaction')
  const users = found.users.filter((each) => each !== user)
  const others = message.reactions.filter((reaction) => reaction !== found)
  return { ...message, reactions: users.length > 0 ? [...others, { name, users }] : others }
}

/** Returns the direct message of the bot with users. Creates it if it is missing. */
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
