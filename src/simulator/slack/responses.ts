import type { Clock } from '../clock.ts'
import { Refusal } from './api/replies.ts'
import { admitMessage, deleteMessage, draftOf, editedContent, type MessagePayload, postMessage } from './messages.ts'
import type { Ids } from './workspace/ids.ts'
import type { Ephemeral, Message } from './workspace/records.ts'
import type { Workspace } from './workspace/workspace.ts'

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses: "up to 5 times within 30 minutes". */
const uses = 5
const lifetime = 30 * 60_000

export interface ResponseUrls {
  /** Issues a secret response URL: `http://127.0.0.1:PORT/commands/T…/…/…`. */
  issue(target: ResponseTarget): string
  /** Handles a POST to a response URL. Throws Refusal; a refused request does not count as a use. */
  respond(path: string, payload: unknown): void
  /** Shows the answer in an acknowledgement. Throws Refusal. */
  show(target: ResponseTarget, payload: unknown): void
}

interface Parts extends ResponseParts {
  readonly url: string
  readonly clock: Clock
}

interface Issued {
  readonly target: ResponseTarget
  readonly until: number
  left: number
}

export function createResponseUrls({ url, clock, ...parts }: Parts): ResponseUrls {
  const issued = new Map<string, Issued>()
  return {
    issue(target) {
      const path = `/${target.of}/${parts.workspace.team.id}/${parts.ids.next('')}/${parts.ids.secret()}`
      issued.set(path, { target, until: clock.now() + lifetime, left: uses })
      return `${url}${path}`
    },
    respond(path, payload) {
      const found = issued.get(path)
      if (!found) throw new Refusal('not_found')
      if (clock.now() > found.until) throw new Refusal('expired_url')
      if (found.left === 0) throw new Refusal('used_url')
      showResponse(parts, found.target, payload)
      found.left -= 1
    },
    show: (target, payload) => showResponse(parts, target, payload),
  }
}

export interface ResponseTarget {
  /** The part of the address that says what the user did. */
  readonly of: 'commands' | 'actions'
  readonly channel: string
  readonly user: string
  /** The message whose element was pressed. A command has none. */
  readonly original?: Message | Ephemeral
}

interface ResponseParts {
  readonly ids: Ids
  readonly workspace: Workspace
  readonly unknownBlocks: ReadonlySet<string>
}

/**
 * Shows an app's answer, only to the user unless the answer says otherwise. Throws Refusal.
 * https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
function showResponse(parts: ResponseParts, target: ResponseTarget, payload: unknown): void {
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

/** Shows an answer to the whole channel, even if the bot is not a member. */
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
