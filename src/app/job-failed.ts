import type { IncidentWorld } from '../incidents/incident-world.ts'
import { transition } from '../incidents/transition.ts'
import type { JobName } from '../queue/jobs.ts'
import { type Request, requestSchema, requestVersion } from '../slack/request-record.ts'
import type { Message } from '../slack/slack-api.ts'
import { states } from '../slack/states.ts'
import { records } from '../store/records.ts'
import { text } from '../text.ts'

/** A job has failed for good: whoever waits for it is told. */
export async function jobFailed(
  { incidents, store, queue, now }: IncidentWorld,
  answer: (request: Request, message: Message) => Promise<unknown>,
  name: JobName,
  id: string,
): Promise<void> {
  if (name === 'request') {
    const request = await records(store, 'request', { schema: requestSchema, version: requestVersion }).find(id)
    if (request) await answer(request, states.cannotStart('something failed on my side', undefined))
  }
  if (name === 'investigate') {
    const reason = text`Something failed on my side, so this could not be checked.`
    await incidents.change(id, (before) =>
      transition(before, { what: 'check-failed', at: now().toISOString(), reason }),
    )
    await queue.add('sync-thread', id)
  }
}
