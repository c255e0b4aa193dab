import { admitMessage, type MessagePayload } from './admit-message.ts'
import { deleteMessage } from './delete-message.ts'
import { draftOf } from './draft-of.ts'
import { editedContent } from './edited-content.ts'
import { postMessage } from './post-message.ts'
import type { Ids } from './workspace/ids.ts'
import type { Ephemeral, Message } from './workspace/records.ts'
import type { Workspace } from './workspace/workspace.ts'

export interface ResponseTarget {
  /** In the address: what the user did. */
  readonly of: 'commands' | 'actions'
  readonly channel: string
  readonly user: string
  /** What was pressed or chosen; a command has no original. */
  readonly original?: Message | Ephemeral
}

export interface ResponseParts {
  readonly ids: Ids
  readonly workspace: Workspace
  readonly unknownBlocks: ReadonlySet<string>
}

/**
 * Shows an app's answer to a user: for them alone, unless it says otherwise. Throws Refusal.
 * https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
export function showResponse(parts: ResponseParts, target: ResponseTarget, payload: unknown): void {
  const admitted = admitMessage(payload, 'response', parts.unknownBlocks)
  const original = target.original && current(parts.workspace, target.original)
  if (admitted.delete_original) {
    if (original) remove(parts.workspace, original)
  } else if (admitted.replace_original && original) replace(parts, original, admitted)
  else if (admitted.response_type === 'in_channel') showAll(parts, target, admitted)
  else showOne(parts, target, admitted)
}

function current(workspace: Workspace, original: Message | Ephemeral): Message | Ephemeral | undefined {
  const { channel, ts } = original
  if (isMessage(original)) return workspace.message(channel, ts)
  return workspace.ephemerals.find((each) => each.channel === channel && each.ts === ts)
}

function remove(workspace: Workspace, original: Message | Ephemeral): void {
  if (isMessage(original)) deleteMessage(workspace, original)
  else workspace.removeEphemeral(original)
}

function replace({ workspace, ids }: ResponseParts, original: Message | Ephemeral, payload: MessagePayload): void {
  const draft = { text: '', blocks: [], attachments: [], ...draftOf(payload) }
  const edits = original.edits + 1
  if (isMessage(original)) {
    const edited = { user: original.user, ts: ids.ts() }
    workspace.putMessage({ ...original, ...editedContent(workspace, original, draft), edits, edited })
  } else workspace.putEphemeral({ ...original, ...workspace.contentOf(draft), edits })
}

/** Also where the bot is not a member. */
function showAll({ workspace, ids }: ResponseParts, { channel }: ResponseTarget, payload: MessagePayload): void {
  const { bot } = workspace
  const { thread_ts: threadTs } = payload
  const author = { user: bot.userId, botId: bot.id }
  postMessage(workspace, ids, { channel, ...author, draft: draftOf(payload), ...(threadTs && { threadTs }) })
}

function showOne({ workspace, ids }: ResponseParts, target: ResponseTarget, payload: MessagePayload): void {
  const { channel, user, original } = target
  const threadTs = original?.threadTs
  const content = workspace.contentOf(draftOf(payload))
  workspace.putEphemeral({ channel, user, ts: ids.ts(), edits: 0, ...content, ...(threadTs && { threadTs }) })
}

function isMessage(of: Message | Ephemeral): of is Message {
  return 'isLocked' in of
}
