import { z } from 'zod'
import { openDirectMessage } from '../messages.ts'
import { type Platform, scopeOf } from '../platform.ts'
import { channelJson, messageJson } from '../workspace/json.ts'
import type { Channel, ChannelKind, Message } from '../workspace/records.ts'
import { type Answer, argument, demandScope, type Method, method, pageOf } from './method.ts'
import { Refusal } from './replies.ts'

const paging = { cursor: argument.cursor, limit: argument.limit }
const stretch = {
  ...paging,
  channel: argument.channel,
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: argument.flag,
  include_all_metadata: argument.flag,
}

const kinds: Readonly<Record<string, ChannelKind>> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'dm',
  mpim: 'mpim',
}

interface Stretch {
  readonly oldest?: string | undefined
  readonly latest?: string | undefined
  readonly inclusive?: boolean | undefined
  readonly include_all_metadata?: boolean | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

function inStretch({ oldest = '0', latest, inclusive = false }: Stretch): (message: Message) => boolean {
  return ({ ts }) => {
    const at = Number(ts)
    const from = Number(oldest)
    const to = latest === undefined ? Number.POSITIVE_INFINITY : Number(latest)
    return inclusive ? at >= from && at <= to : at > from && at < to
  }
}

function messagesPage({ workspace }: Platform, messages: readonly Message[], args: Stretch): Answer {
  const { items, next } = pageOf(messages, args.cursor, args.limit)
  return {
    messages: items.map((each) => messageJson(each, workspace, { metadata: args.include_all_metadata === true })),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  }
}

/** https://docs.slack.dev/reference/methods?family=conversations */
export const conversationsMethods: Readonly<Record<string, Method>> = {
  'conversations.info': method({
    tier: 3,
    args: z.strictObject({
      channel: argument.channel,
      include_num_members: argument.flag,
      include_locale: argument.flag,
    }),
    run(platform, args) {
      const channel = readableChannel(platform, args.channel, 'read')
      const json = channelJson(channel, platform.workspace)
      return { channel: { ...json, ...(args.include_num_members && { num_members: channel.members.size }) } }
    },
  }),
  'conversations.list': method({
    tier: 2,
    args: z.strictObject({ ...paging, types: argument.list, exclude_archived: argument.flag }),
    run(platform, { types = ['public_channel'], exclude_archived, cursor, limit }) {
      const { workspace } = platform
      const wanted = types.map((type) => kinds[type])
      for (const kind of wanted) if (kind) demandScope(platform, scopeOf(kind, 'read'))
      const found = [...workspace.channels.values()].filter(
        (channel) =>
          wanted.includes(channel.kind) &&
          (channel.kind === 'public' || channel.members.has(workspace.bot.userId)) &&
          !(exclude_archived && channel.isArchived),
      )
      const { items, next } = pageOf(found, cursor, limit)
      return {
        channels: items.map((each) => ({ ...channelJson(each, workspace), num_members: each.members.size })),
        response_metadata: { next_cursor: next },
      }
    },
  }),
  'conversations.members': method({
    tier: 4,
    args: z.strictObject({ ...paging, channel: argument.channel }),
    run(platform, { channel, cursor, limit }) {
      const { items, next } = pageOf([...readableChannel(platform, channel, 'read').members], cursor, limit)
      return { members: items, response_metadata: { next_cursor: next } }
    },
  }),
  'conversations.history': method({
    tier: 3,
    args: z.strictObject(stretch),
    run(platform, args) {
      const { id } = readableChannel(platform, args.channel, 'history')
      const seen = platform.workspace
        .messages(id)
        .filter((message) => !message.threadTs || message.subtype === 'thread_broadcast')
      return messagesPage(platform, seen.filter(inStretch(args)).toReversed(), args)
    },
  }),
  'conversations.replies': method({
    tier: 3,
    args: z.strictObject({ ...stretch, ts: argument.ts }),
    run(platform, args) {
      const { id } = readableChannel(platform, args.channel, 'history')
      const root = platform.workspace.message(id, args.ts)
      if (!root) throw new Refusal('thread_not_found')
      const replies = platform.workspace.messages(id).filter((message) => message.threadTs === root.ts)
      return messagesPage(platform, [root, ...replies.filter(inStretch(args))], args)
    },
  }),
  'conversations.open': method({
    tier: 3,
    args: z.strictObject({
      channel: z.string().optional(),
      users: argument.list,
      return_im: argument.flag,
      prevent_creation: argument.flag,
    }),
    run(platform, { channel, users = [] }) {
      const { workspace, ids } = platform
      if (channel) return { channel: { id: readableChannel(platform, channel, 'read').id } }
      demandScope(platform, users.length > 1 ? 'mpim:write' : 'im:write')
      if (users.length === 0 || users.some((user) => !workspace.users.has(user))) throw new Refusal('user_not_found')
      return { channel: { id: openDirectMessage(workspace, ids, users).id } }
    },
  }),
}

/** Returns a channel where the bot may post. A user's id means the direct message with them. Throws Refusal. */
export function postableChannel(platform: Platform, id: string): Channel {
  const { workspace, ids, scopes } = platform
  if (workspace.users.has(id)) return openDirectMessage(workspace, ids, [id])
  const channel = visibleChannel(platform, id)
  if (channel.isArchived) throw new Refusal('is_archived')
  const isOpen = channel.kind === 'public' && scopes.has('chat:write.public')
  if (!isOpen && !channel.members.has(platform.author.userId)) throw new Refusal('not_in_channel')
  return channel
}

/** Returns a channel that the bot may read. `history`: its messages, for members only. Throws Refusal. */
function readableChannel(platform: Platform, id: string, what: 'read' | 'history'): Channel {
  const channel = visibleChannel(platform, id)
  demandScope(platform, scopeOf(channel.kind, what))
  if (what === 'history' && !channel.members.has(platform.workspace.bot.userId)) throw new Refusal('not_in_channel')
  return channel
}

/** Returns a channel that the bot can see. Throws Refusal `channel_not_found`, also for private channels without the bot. */
export function visibleChannel({ workspace, author }: Platform, id: string): Channel {
  const channel = workspace.channels.get(id)
  const isVisible = channel && (channel.kind === 'public' || channel.members.has(author.userId))
  if (!isVisible) throw new Refusal('channel_not_found')
  return channel
}
