import type { Message } from '../slack-api.ts'
import { states } from '../states.ts'
import type { ListenerWorld } from './listener-world.ts'
import { takeRequest } from './take-request.ts'

interface Pressed {
  readonly incident: string
  readonly user: string
  readonly channel: string
  readonly event: string
}

/** Milliseconds until one person may ask the same of one incident again. */
const pause = 10_000

/** An incident is over, and somebody wants to know again: what it was about is asked for as if it were typed. */
export async function checkAnew(world: ListenerWorld, { incident, user, channel, event }: Pressed): Promise<Message> {
  const known = await world.incidents.incidents.read(incident)
  if (!known) return states.unknownIncident()
  if (!(await world.incidents.store.claim(`check anew ${incident} ${user}`, pause)))
    return states.tooOften(pause / 1_000)
  const { namespace, pod, workload } = known.subject
  const typed = `@${known.cluster} ${namespace}/${pod || `${workload.kind.toLowerCase()}/${workload.name}`}`
  return (await takeRequest(world, { event: `anew ${event}`, user, channel, typed })) ?? states.checkingAgain()
}
