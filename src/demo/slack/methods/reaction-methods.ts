import { z } from 'zod'
import type { Platform } from '../platform.ts'
import { Refusal } from '../refusal.ts'
import { withReaction } from '../with-reaction.ts'
import { withoutReaction } from '../without-reaction.ts'
import { messageJson } from '../workspace/message-json.ts'
import type { Message } from '../workspace/records.ts'
import { argument } from './argument.ts'
import { type Method, method } from './method.ts'
import { visibleChannel } from './visible-channel.ts'

const name = z.string()
const place = { channel: argument.channel, timestamp: argument.ts }

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
    args: z.strictObject({ ...place, name }),
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
    args: z.strictObject({ ...place, name }),
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
    args: z.strictObject({ ...place, full: argument.flag }),
    run(platform, args) {
      const message = reactable(platform, args.channel, args.timestamp)
      return { type: 'message', channel: message.channel, message: messageJson(message, platform.workspace) }
    },
  }),
}
