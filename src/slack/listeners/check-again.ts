import type { Incident } from '../../incidents/incident.ts'
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

/** Checks of one incident that one person may ask for within `window` milliseconds: each of them asks a registry. */
const limits = { checks: 4, window: 60_000 } as const

/** Has an incident checked anew. What comes back is for the one who pressed. */
export async function checkAgain(world: ListenerWorld, { incident: id, user, event }: Pressed): Promise<Message> {
  const { incidents, queue, now } = world.incidents
  try {
    const known = await incidents.read(id)
    if (!known) return states.unknownIncident()
    if (isOver(known)) return states.oldButton(id)
    const time = now()
    let wait = 0
    await incidents.change(id, (before) => {
      wait = waitOf(before, { user, event }, time)
      if (wait > 0) return before
      return transition(before, { what: 'asked', at: time.toISOString(), by: user, request: event })
    })
    if (wait > 0) return states.tooOften(Math.ceil(wait / 1_000))
    await queue.add('sync-thread', id)
    await queue.add('investigate', id)
    return states.checkingAgain()
  } catch (error) {
    world.warn('a check could not be begun', { error, incident: id })
    return states.cannotStart('the queue is unavailable', undefined)
  }
}

/** Milliseconds until this person may have this incident checked again; 0: now. An event that Slack repeats counts once. */
function waitOf({ askers }: Incident, { user, event }: Pick<Pressed, 'user' | 'event'>, now: Date): number {
  if (askers.some(({ request }) => request === event)) return 0
  const since = now.getTime() - limits.window
  const times = askers.flatMap((it) => (it.user === user && Date.parse(it.at) > since ? [Date.parse(it.at)] : []))
  const oldest = times.toSorted((a, b) => b - a)[limits.checks - 1]
  return oldest === undefined ? 0 : oldest - since
}
