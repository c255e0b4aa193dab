import type { Failure } from './failure.ts'
import type { Incident } from './incident.ts'
import type { IncidentWorld } from './incident-world.ts'
import { openIncident } from './open-incident.ts'
import { transition } from './transition.ts'

interface Asker {
  readonly user: string
  /** The same for all tries of one question. */
  readonly request: string
  readonly channel: string
  /** The id of the incident that it may begin. */
  readonly incident: string
}

type Begun = { readonly answer: 'opened' | 'open-already'; readonly incident: Incident }

/** Joins the incident that a failure is a part of, or begins one, and has it checked. Safe to run again. */
export async function beginIncident(world: IncidentWorld, asker: Asker, failure: Failure): Promise<Begun> {
  const { user, request, channel, incident: id } = asker
  const at = world.now().toISOString()
  const known = await openIncident(world, { id, channel, failure })
  const incident = await world.incidents.change(known.id, (before) => ({
    ...transition(before, { what: 'asked', at, by: user, request }),
    ...elsewhere(before, channel),
  }))
  await world.queue.add('sync-thread', known.id)
  await world.queue.add('investigate', known.id)
  return { answer: known.id === id ? 'opened' : 'open-already', incident: incident ?? known }
}

const mostEchoes = 20

/** Who asks in another channel finds a short post with a link there. */
function elsewhere({ channel, echoes }: Incident, asked: string): Pick<Incident, 'echoes'> {
  const known = asked === channel || echoes.includes(asked)
  return { echoes: known ? echoes : [...echoes, asked].slice(0, mostEchoes) }
}
