import type { AppEvent } from '../platform.ts'
import type { Channel } from '../workspace/records.ts'
import type { AppAnswer } from './app-answer.ts'
import { eventScope } from './event-scope.ts'
import type { Sending } from './http-post.ts'
import type { Stage } from './stage.ts'

const notSent: AppAnswer = { status: 'not-sent', body: undefined, ms: 0, attempts: 0 }

/**
 * An event in a channel, to an app that may know of it: it has the scope, and its bot is in the channel. Of its own
 * messages an app is told, too. https://docs.slack.dev/apis/events-api/#event_type_structure
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
