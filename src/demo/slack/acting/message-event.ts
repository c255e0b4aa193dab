import type { Platform } from '../platform.ts'
import { messageJson } from '../workspace/message-json.ts'
import type { Channel, Message } from '../workspace/records.ts'

const types = { public: 'channel', private: 'group', dm: 'im', mpim: 'mpim' } as const

/** https://docs.slack.dev/reference/events/message */
export function messageEvent({ workspace }: Platform, channel: Channel, message: Message) {
  const root = message.threadTs ? workspace.message(channel.id, message.threadTs) : undefined
  return {
    ...messageJson(message, workspace),
    type: 'message',
    channel: channel.id,
    channel_type: types[channel.kind],
    event_ts: message.ts,
    ...(root && { parent_user_id: root.user }),
  }
}

/** https://docs.slack.dev/reference/events/message/message_changed */
export function changedEvent(platform: Platform, channel: Channel, message: Message, before: Message) {
  const { workspace } = platform
  return {
    type: 'message',
    subtype: 'message_changed',
    message: messageJson(message, workspace),
    previous_message: messageJson(before, workspace),
    channel: channel.id,
    channel_type: types[channel.kind],
    hidden: true,
    ts: message.edited?.ts ?? message.ts,
  }
}
