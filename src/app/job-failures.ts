import type { IncidentRecords } from '../incidents/records.ts'
import { transition } from '../incidents/transition.ts'
import type { JobName } from '../queue/jobs.ts'
import type { Queue } from '../queue/queue.ts'
import { replies } from '../slack/replies.ts'
import { requestRecords } from '../slack/requests/record.ts'
import type { Respond } from '../slack/requests/respond.ts'
import type { Store } from '../store/store.ts'
import { text } from '../text.ts'

export interface JobFailureOptions {
  readonly incidents: IncidentRecords
  readonly store: Store
  readonly queue: Pick<Queue, 'add'>
  /** Shows a message to the person who asked. */
  readonly respond: Respond
  readonly now: () => Date
}

/** Makes the function that tells the people who wait for a job that it failed for good. */
export function createJobFailureReport(options: JobFailureOptions): (name: JobName, id: string) => Promise<void> {
  const { incidents, store, queue, respond, now } = options
  return async (name, id) => {
    if (name === 'request') {
      const request = await requestRecords(store).find(id)
      if (request) await respond(request, replies.cannotStart('something failed on my side', undefined))
    }
    if (name === 'investigate') {
      const reason = text`Something failed on my side, so this could not be checked.`
      await incidents.change(id, (before) =>
        transition(before, { what: 'check-failed', at: now().toISOString(), reason }),
      )
      await queue.add('sync-thread', id)
    }
  }
}
