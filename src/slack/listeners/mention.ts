import { guessTarget, typedTarget } from '../../target/guess.ts'
import { refusalOfPlace, refusalToAsk } from '../may-press.ts'
import type { Message } from '../slack-api.ts'
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
  /** The words of messages that are shared with it. */
  readonly shared?: string
  readonly ts: string
  readonly thread?: string | undefined
  /** The same when Slack delivers it again. */
  readonly event: string
}

/** Where a slash command cannot be used: in a thread. Without a target it means the thread's own incident. */
export async function mention(world: ListenerWorld, of: Mention): Promise<void> {
  const { user, channel, thread } = of
  if (!user || of.bot || !world.places.isWorkspace(of.team)) return // other bots are never answered
  const message = await answer(world, of, user).catch((error) => {
    world.warn('a mention could not be answered', { error })
    return states.cannotStart('something failed', undefined)
  })
  if (message) await world.slack.ephemeral({ channel, ...(thread && { thread }) }, user, message)
}

async function answer(world: ListenerWorld, of: Mention, user: string): Promise<Message | undefined> {
  const { channel, thread } = of
  const refusal = (await refusalToAsk(world, user)) ?? (await refusalOfPlace(world, channel, user))
  if (refusal) return refusal
  const typed = of.text.replaceAll(/<@[A-Z0-9]{1,40}(?:\|[^>]{0,80})?>/g, ' ').trim()
  const own = typed === '' && thread ? await threadRoots.incidentOf(world.incidents.store, channel, thread) : undefined
  if (own) return checkAgain(world, { incident: own, user, event: of.event })
  const guess = typed === '' ? guessTarget(of.shared ?? '') : undefined
  const named = guess ? typedTarget(guess) : typed
  if (named === '' || /^help$/i.test(named)) return states.help(world.command)
  return takeRequest(world, { event: `mention ${of.event}`, user, channel, typed: named, ...(thread && { thread }) })
}
