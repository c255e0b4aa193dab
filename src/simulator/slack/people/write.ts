import type { MessageAttachment } from '@slack/types'
import { Refusal } from '../api/replies.ts'
import { deleteMessage, type NewMessage, postMessage, withReaction } from '../messages.ts'
import type { Platform } from '../platform.ts'
import { validateMessage } from '../validation/validate.ts'
import { messageJson } from '../workspace/json.ts'
import type { Channel, Message } from '../workspace/records.ts'
import { CannotAct } from './attempts.ts'
import { changedEvent, messageEvent, tellApp } from './deliveries.ts'
import { typedText } from './elements.ts'
import type { AppAnswer, Sending } from './http.ts'
import { present, type Stage, shownMessage } from './stage.ts'

/** Writes a message of a person or another bot. Throws CannotAct if Slack would refuse it. */
function write({ workspace, ids }: Platform, of: NewMessage): Message {
  const { text, blocks, attachments } = of.draft
  const payload = {
    channel: of.channel,
    ...(text && { text }),
    ...(blocks && { blocks }),
    ...(attachments && { attachments }),
  }
  const [problem] = validateMessage(payload)
  if (problem) throw new CannotAct('invalid-message', `${problem.error}: ${problem.message} at ${problem.pointer}`)
  try {
    return postMessage(workspace, ids, of)
  } catch (error) {
    if (error instanceof Refusal) throw new CannotAct('no-such-message', `cannot reply there: ${error.code}`)
    throw error
  }
}

export interface MentionAct {
  readonly user: string
  readonly channel: string
  /** The text after `@imagepull`. */
  readonly text: string
  /** The ts of a root. */
  readonly thread?: string
}

/** A written message and the app's answer. */
export interface Written extends AppAnswer {
  readonly message: Message
}

/** Mentions the app in a message. Returns the answer to `app_mention`. https://docs.slack.dev/reference/events/app_mention */
export async function mention(stage: Stage, act: MentionAct, sending?: Sending): Promise<Written> {
  const { platform } = stage
  const { user, channel } = present(platform, act)
  const text = `<@${platform.workspace.bot.userId}> ${typedText(act.text)}`.trim()
  const message = write(platform, {
    channel: channel.id,
    user: user.id,
    draft: { text },
    ...(act.thread && { threadTs: act.thread }),
  })
  const event = messageEvent(platform, channel, message)
  const { channel_type: _, ...called } = event
  const [answer] = await Promise.all([
    tellApp(stage, channel, { ...called, type: 'app_mention' }, sending),
    tellApp(stage, channel, event, sending),
  ])
  return { ...answer, message }
}

interface Shown {
  readonly channel: string
  readonly text?: string
  readonly blocks?: readonly unknown[]
  readonly attachments?: readonly MessageAttachment[]
  /** The ts of a root. */
  readonly thread?: string
}

/** A message of a person, who types `text`, or of a bot, which sends it as mrkdwn. */
export type PostAct = (Shown & { readonly user: string }) | (Shown & { readonly bot: string })

/** A person, or another bot, writes a message. */
export async function post(stage: Stage, act: PostAct, sending?: Sending): Promise<Written> {
  const { platform } = stage
  const { channel, author } = 'user' in act ? person(platform, act) : otherBot(platform, act)
  const { text = '', blocks, attachments, thread } = act
  const draft = {
    text: 'user' in act ? typedText(text) : text,
    ...(blocks && { blocks }),
    ...(attachments && { attachments }),
  }
  const message = write(platform, { channel: channel.id, ...author, draft, ...(thread && { threadTs: thread }) })
  const answer = await tellApp(stage, channel, messageEvent(platform, channel, message), sending)
  return { ...answer, message }
}

interface Author {
  readonly channel: Channel
  readonly author: Pick<NewMessage, 'user' | 'botId' | 'subtype'>
}

function person(platform: Platform, act: { readonly user: string; readonly channel: string }): Author {
  const { user, channel } = present(platform, act)
  return { channel, author: { user: user.id } }
}

function otherBot(platform: Platform, act: { readonly bot: string; readonly channel: string }): Author {
  const bot = platform.workspace.bots.get(act.bot)
  if (!bot) throw new CannotAct('no-such-user', `there is no bot ${act.bot}`)
  const { channel } = present(platform, { user: bot.userId, channel: act.channel })
  return { channel, author: { user: bot.userId, botId: bot.id, subtype: 'bot_message' } }
}

export interface EditAct {
  readonly user: string
  readonly message: Message
  readonly text: string
}

/** A person edits their own message. https://docs.slack.dev/reference/events/message/message_changed */
export async function editPost(stage: Stage, act: EditAct): Promise<Written> {
  const { workspace, ids } = stage.platform
  const { user, channel } = present(stage.platform, { user: act.user, channel: act.message.channel })
  const before = shownMessage(stage.platform, act.message)
  if (before.user !== user.id) throw new CannotAct('not-own-message', `${user.id} did not write ${before.ts}`)
  const message: Message = {
    ...before,
    ...workspace.contentOf({ text: typedText(act.text) }),
    edits: before.edits + 1,
    edited: { user: user.id, ts: ids.ts() },
  }
  workspace.putMessage(message)
  const answer = await tellApp(stage, channel, changedEvent(stage.platform, channel, message, before))
  return { ...answer, message }
}

export interface RemoveAct {
  readonly user: string
  readonly message: Message
}

/** Deletes a message of anybody, like an administrator. */
export async function removePost(stage: Stage, act: RemoveAct): Promise<AppAnswer> {
  const { platform } = stage
  const { channel } = present(platform, { user: act.user, channel: act.message.channel })
  const message = shownMessage(platform, act.message)
  const { channel_type } = messageEvent(platform, channel, message)
  const previous_message = messageJson(message, platform.workspace)
  deleteMessage(platform.workspace, message)
  return tellApp(stage, channel, {
    type: 'message',
    subtype: 'message_deleted',
    previous_message,
    deleted_ts: message.ts,
    channel: channel.id,
    channel_type,
    hidden: true,
    ts: platform.ids.ts(),
  })
}

export interface ReactAct {
  readonly user: string
  readonly message: Message
  /** Without colons. */
  readonly name: string
}

/** A person reacts to a message. https://docs.slack.dev/reference/events/reaction_added */
export async function react(stage: Stage, { name, ...act }: ReactAct): Promise<AppAnswer> {
  const { user, channel } = present(stage.platform, { user: act.user, channel: act.message.channel })
  const message = shownMessage(stage.platform, act.message)
  stage.platform.workspace.putMessage(withReaction(message, name, user.id))
  return tellApp(stage, channel, {
    type: 'reaction_added',
    user: user.id,
    reaction: name,
    item_user: message.user,
    item: { type: 'message', channel: channel.id, ts: message.ts },
  })
}
