import type { Incident } from '../incidents/incident.ts'
import { records } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { type Request, requestSchema, requestVersion } from './request-record.ts'
import type { Message } from './slack-api.ts'
import { states } from './states.ts'
import type { ThreadProblem } from './thread-world.ts'

/** Tells everybody whose request is still known why the thread does not come. */
export async function tellAskers(
  store: Store,
  answer: (request: Request, message: Message) => Promise<unknown>,
  { id, askers }: Pick<Incident, 'id' | 'askers'>,
  problem: ThreadProblem,
): Promise<void> {
  const requests = records(store, 'request', { schema: requestSchema, version: requestVersion })
  for (const { request } of askers) {
    const known = await requests.find(request)
    if (known) await answer(known, messageOf(problem, id))
  }
}

function messageOf(problem: ThreadProblem, incident: string): Message {
  if (problem === 'not_in_channel' || problem === 'channel_not_found') return states.notMember(incident)
  if (problem === 'is_archived') return states.archived()
  return problem === 'shared' ? states.sharedChannel() : states.cannotPost(problem)
}
