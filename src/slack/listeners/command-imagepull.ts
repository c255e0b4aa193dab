import type { SlashCommand } from '@slack/bolt'
import type { Message } from '../slack-api.ts'
import { states } from '../states.ts'
import type { ListenerWorld } from './listener-world.ts'
import { takeRequest } from './take-request.ts'

type Command = Pick<
  SlashCommand,
  'team_id' | 'channel_id' | 'channel_name' | 'user_id' | 'text' | 'response_url' | 'trigger_id'
>

/**
 * `/imagepull …`. What comes back is for the one who typed it; undefined: the answer is under way. Slack waits for it, for
 * three seconds at most, so nothing is asked of Slack here: who may ask, and where, is found out by the job.
 */
export async function commandImagepull(world: ListenerWorld, command: Command): Promise<Message | undefined> {
  const { places } = world
  const { channel_id: channel, channel_name: name, text } = command
  const direct = name === 'directmessage' || name.startsWith('mpdm-')
  if (!places.isWorkspace(command.team_id)) return states.channelNotListed([])
  if (/^\s*help\s*$/i.test(text)) return states.help(world.command)
  return takeRequest(world, {
    event: `command ${command.trigger_id}`,
    user: command.user_id,
    channel,
    typed: text,
    responseUrl: command.response_url,
    direct,
  })
}
