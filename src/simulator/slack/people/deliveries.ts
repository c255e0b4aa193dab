import { type AppEvent, type Platform, type Scope, scopeOf } from '../platform.ts'
import { messageJson } from '../workspace/json.ts'
import type { Channel, Message } from '../workspace/records.ts'
import type { AppAnswer, Sending } from './http.ts'
import type { Stage } from './stage.ts'

/** Returns the scope that an event requires. https://docs.slack.dev/reference/events */
function eventScope(type: string, { kind }: Channel): Scope {
  if (type === 'message') return scopeOf(kind, 'history')
  if (type === 'app_mention') return 'app_mentions:read'
  return type.startsWith('reaction_') ? 'reactions:read' : scopeOf(kind, 'read')
}

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

const notSent: AppAnswer = { status: 'not-sent', body: undefined, ms: 0, attempts: 0 }

/**
 * Sends an event in a channel to the app, if the app has the scope and its bot is in the channel. An app also receives events
 * about its own messages. https://docs.slack.dev/apis/events-api/#event_type_structure
 */
export async function tellApp(
  { platform, courier }: Stage,
  channel: Channel,
  event: AppEvent,
  sending?: Sending,
): Promise<AppAnswer> {
  const { workspace, scopes, clock, ids } = platform
  const { team, bot } = workspace
  const mayKnow = scopes.has(eventScope(event.type, channel)) && channel.members.has(bot.userId)
  if (!mayKnow || !courier.connected) return notSent
  const envelope = {
    token: 'deprecated',
    type: 'event_callback',
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: bot.appId,
    event: { event_ts: ids.ts(), ...event },
    event_id: ids.next('Ev'),
    event_time: Math.floor(clock.now() / 1_000),
    event_context: ids.secret(),
    is_ext_shared_channel: channel.isExtShared,
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: bot.userId, is_bot: true, is_enterprise_install: false },
    ],
  }
  return courier.deliverEvent(envelope, sending)
}
