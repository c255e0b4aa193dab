import type { MessageMetadata } from '@slack/types'
import { z } from 'zod'
import {
  admitMessage,
  deleteMessage,
  draftOf,
  editedContent,
  type MessagePayload,
  postMessage,
  withoutReaction,
  withReaction,
} from '../messages.ts'
import { changedEvent, messageEvent } from '../people/deliveries.ts'
import type { Platform } from '../platform.ts'
import { messageJson } from '../workspace/json.ts'
import type { Message } from '../workspace/records.ts'
import { postableChannel, visibleChannel } from './conversations.ts'
import { type Answer, type Arguments, argument, demandScope, type Method, method } from './method.ts'
import { Refusal } from './replies.ts'

/** Validated as a whole, with Slack's own errors. */
const payload = z.record(z.string(), z.unknown())
const place = z.strictObject({ channel: argument.channel, ts: argument.ts })

function post(platform: Platform, args: Arguments): Answer {
  const { workspace, ids, author } = platform
  const channel = postableChannel(platform, String(args.channel ?? ''))
  const admitted = admitMessage(args, 'post', platform.unknownBlocks)
  demandAuthor(platform, admitted)
  const { thread_ts: threadTs, username } = admitted
  const message = postMessage(workspace, ids, {
    channel: channel.id,
    user: author.userId,
    botId: author.id,
    draft: draftOf(admitted),
    ...(username && { username }),
    ...(threadTs && { threadTs }),
    ...(admitted.reply_broadcast && { broadcast: true }),
    ...metadataOf(admitted.metadata),
  })
  platform.told(channel, messageEvent(platform, channel, message))
  return { channel: channel.id, ts: message.ts, message: messageJson(message, workspace, { metadata: true }) }
}

/** Requires "chat:write.customize" if a message sets another author's name or icon. */
function demandAuthor(platform: Platform, { username, icon_emoji, icon_url }: MessagePayload): void {
  if (username ?? icon_emoji ?? icon_url) demandScope(platform, 'chat:write.customize')
}

function metadataOf(metadata: MessagePayload['metadata']): { readonly metadata?: MessageMetadata } {
  const { event_type, event_payload } = metadata ?? {}
  return event_type && event_payload ? { metadata: { event_type, event_payload } } : {}
}

function update(platform: Platform, args: Arguments): Answer {
  const { workspace, ids, editWindow, clock, author } = platform
  const channel = visibleChannel(platform, String(args.channel ?? ''))
  const admitted = admitMessage(args, 'update', platform.unknownBlocks)
  const before = ownMessage(platform, channel.id, admitted.ts ?? '', 'cant_update_message')
  if (channel.isArchived) throw new Refusal('is_archived')
  if (editWindow !== undefined && clock.now() - Number(before.ts) * 1_000 > editWindow)
    throw new Refusal('edit_window_closed')
  const { metadata, ...rest } = before
  const message: Message = {
    ...rest,
    ...(metadata && admitted.metadata === undefined && { metadata }),
    ...metadataOf(admitted.metadata),
    ...editedContent(workspace, before, draftOf(admitted)),
    edits: before.edits + 1,
    edited: { user: author.userId, ts: ids.ts() },
  }
  workspace.putMessage(message)
  platform.told(channel, changedEvent(platform, channel, message, before))
  const shown = messageJson(message, workspace, { metadata: true })
  return { channel: channel.id, ts: message.ts, text: message.text, message: shown }
}

function ownMessage(
  { workspace, author }: Platform,
  channel: string,
  ts: string,
  otherwise: 'cant_update_message' | 'cant_delete_message',
): Message {
  const message = workspace.message(channel, ts)
  if (!message || message.subtype === 'tombstone') throw new Refusal('message_not_found')
  if (message.user !== author.userId) throw new Refusal(otherwise)
  return message
}

function postEphemeral(platform: Platform, args: Arguments): Answer {
  const { workspace, ids } = platform
  const channel = postableChannel(platform, String(args.channel ?? ''))
  const admitted = admitMessage(args, 'ephemeral', platform.unknownBlocks)
  const { user = '', thread_ts: threadTs } = admitted
  demandAuthor(platform, admitted)
  if (!channel.members.has(user)) throw new Refusal('user_not_in_channel')
  const ts = ids.ts()
  const content = workspace.contentOf(draftOf(admitted))
  workspace.putEphemeral({ channel: channel.id, user, ts, edits: 0, ...content, ...(threadTs && { threadTs }) })
  return { message_ts: ts }
}

/** https://docs.slack.dev/reference/methods?family=chat */
export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': method({ tier: 'special', scope: 'chat:write', args: payload, run: post }),
  'chat.update': method({ tier: 3, scope: 'chat:write', args: payload, run: update }),
  'chat.postEphemeral': method({ tier: 4, scope: 'chat:write', args: payload, run: postEphemeral }),
  'chat.delete': method({
    tier: 3,
    scope: 'chat:write',
    args: place.extend({ as_user: argument.flag }),
    run(platform, args) {
      const channel = visibleChannel(platform, args.channel)
      deleteMessage(platform.workspace, ownMessage(platform, channel.id, args.ts, 'cant_delete_message'))
      return { channel: channel.id, ts: args.ts }
    },
  }),
  'chat.getPermalink': method({
    tier: 'special',
    args: z.strictObject({ channel: argument.channel, message_ts: argument.ts }),
    run(platform, args) {
      const { workspace } = platform
      const channel = visibleChannel(platform, args.channel)
      const message = workspace.message(channel.id, args.message_ts)
      if (!message) throw new Refusal('message_not_found')
      const path = `/archives/${channel.id}/p${message.ts.replace('.', '')}`
      const query = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : ''
      return { channel: channel.id, permalink: `${platform.siteUrl}${path}${query}` }
    },
  }),
}

const name = z.string()
const reactionPlace = { channel: argument.channel, timestamp: argument.ts }

function reactable(platform: Platform, channelId: string, ts: string): Message {
  const channel = visibleChannel(platform, channelId)
  if (channel.isArchived) throw new Refusal('is_archived')
  if (!channel.members.has(platform.workspace.bot.userId)) throw new Refusal('not_in_channel')
  const message = platform.workspace.message(channel.id, ts)
  if (!message) throw new Refusal('message_not_found')
  return message
}

/** https://docs.slack.dev/reference/methods?family=reactions */
export const reactionMethods: Readonly<Record<string, Method>> = {
  'reactions.add': method({
    tier: 3,
    scope: 'reactions:write',
    args: z.strictObject({ ...reactionPlace, name }),
    run(platform, args) {
      const { workspace } = platform
      const message = reactable(platform, args.channel, args.timestamp)
      workspace.putMessage(withReaction(message, args.name, workspace.bot.userId))
      return {}
    },
  }),
  'reactions.remove': method({
    tier: 2,
    scope: 'reactions:write',
    args: z.strictObject({ ...reactionPlace, name }),
    run(platform, args) {
      const { workspace } = platform
      const message = reactable(platform, args.channel, args.timestamp)
      workspace.putMessage(withoutReaction(message, args.name, workspace.bot.userId))
      return {}
    },
  }),
  'reactions.get': method({
    tier: 3,
    scope: 'reactions:read',
    args: z.strictObject({ ...reactionPlace, full: argument.flag }),
    run(platform, args) {
      const message = reactable(platform, args.channel, args.timestamp)
      return { type: 'message', channel: message.channel, message: messageJson(message, platform.workspace) }
    },
  }),
}
