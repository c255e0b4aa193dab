import { states } from '../states.ts'
import { threadRoots } from '../thread-roots.ts'
import { checkAgain } from './check-again.ts'
import type { ListenerWorld } from './listener-world.ts'
import { takeRequest } from './take-request.ts'

/** As the event `app_mention` has it. https://docs.slack.dev/reference/events/app_mention/ */
export interface Mention {
  readonly team: string
  readonly channel: string
  readonly user?: string | undefined
  readonly bot?: string | undefined
  readonly text: string
  readonly ts: string
  readonly thread?: string | undefined
  /** The same when Slack delivers it again. */
  readonly event: string
}

/** Where a slash command cannot be used: in a thread. Without a target it means the thread's own incident. */
export async function mention(world: ListenerWorld, of: Mention): Promise<void> {
  const { places, slack } = world
  const { user, channel, thread } = of
  if (!user || of.bot || !places.isWorkspace(of.team)) return // other bots are never answered
  const say = (message: Parameters<typeof slack.ephemeral>[2]) =>
    slack.ephemeral({ channel, ...(thread && { thread }) }, user, message)
  if (!channel.startsWith('D') && !places.rightsOf(channel)?.may.has('commands'))
    return void (await say(states.channelNotListed(places.channels)))
  const typed = of.text.replaceAll(/<@[A-Z0-9]{1,40}(?:\|[^>]{0,80})?>/g, ' ').trim()
  const own = typed === '' && thread ? await threadRoots.incidentOf(world.incidents.store, channel, thread) : undefined
  if (own) return void (await say(await checkAgain(world, { incident: own, user, event: of.event })))
  if (typed === '' || /^help$/i.test(typed)) return void (await say(states.help(world.command)))
  const problem = await takeRequest(world, {
    event: `mention ${of.event}`,
    user,
    channel,
    typed,
    ...(thread && { thread }),
  })
  if (problem) await say(problem)
}
