import { isOver, transition } from '../../incidents/transition.ts'
import type { Message } from '../slack-api.ts'
import { states } from '../states.ts'
import type { ListenerWorld } from './listener-world.ts'

interface Pressed {
  readonly incident: string
  readonly user: string
  /** What Slack calls this one event. */
  readonly event: string
}

/** Has an incident checked anew. What comes back is for the one who pressed. */
export async function checkAgain(world: ListenerWorld, { incident: id, user, event }: Pressed): Promise<Message> {
  const { incidents, queue, now } = world.incidents
  try {
    const known = await incidents.read(id)
    if (!known) return states.unknownIncident()
    if (isOver(known)) return states.oldButton(id)
    const at = now().toISOString()
    await incidents.change(id, (before) => ({
      ...transition(before, { what: 'asked', at, by: user, request: event }),
    }))
    await queue.add('sync-thread', id)
    await queue.add('investigate', id)
    return states.checkingAgain()
  } catch (error) {
    world.warn('a check could not be begun', { error, incident: id })
    return states.cannotStart('the queue is unavailable', undefined)
  }
}
