import { guessTarget, typedTarget } from '../../target/guess.ts'
import { askView } from '../blocks/ask-view.ts'
import { refusalOfPlace, refusalToAsk } from '../may-press.ts'
import type { Message } from '../slack-api.ts'
import { states } from '../states.ts'
import { threadRoots } from '../thread-roots.ts'
import { checkAgain } from './check-again.ts'
import type { ListenerWorld } from './listener-world.ts'

/** The callback that the app's manifest names. */
export const shortcutCallback = 'imagepull_check'

/** A shortcut on a message, in the terms of this program. */
export interface Shortcut {
  readonly team: string
  readonly channel: string
  readonly user: string
  readonly trigger: string
  /** The message's root, or the message itself. */
  readonly thread: string
  /** All words of the message, those of its attachments and blocks, too. */
  readonly text: string
  readonly event: string
}

/** On a message of an incident's thread: check again. On any other: a window that asks which pod, with a guess. */
export async function shortcut(world: ListenerWorld, of: Shortcut): Promise<Message | undefined> {
  const { places, slack } = world
  if (!places.isWorkspace(of.team)) return states.outsider()
  try {
    const refusal = (await refusalToAsk(world, of.user)) ?? (await refusalOfPlace(world, of.channel, of.user))
    if (refusal) return refusal
    const incident = await threadRoots.incidentOf(world.incidents.store, of.channel, of.thread)
    if (incident) return await checkAgain(world, { incident, user: of.user, event: of.event })
  } catch (error) {
    world.warn('a shortcut could not do its work', { error })
    return states.cannotStart('something failed', undefined)
  }
  const guess = guessTarget(of.text)
  const typed = guess ? typedTarget(guess) : ''
  await slack.openView(of.trigger, askView.of({ channel: of.channel, thread: of.thread }, typed))
  return undefined
}
