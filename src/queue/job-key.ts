import type { JobName } from './jobs.ts'
import { QueueError } from './queue-error.ts'

/** Characters, as of ids in the store. */
const longest = 512

/** Names a job within the queue. BullMQ gives ":" a meaning of its own. Throws QueueError `invalid`. */
export function jobKey(name: JobName, id: string): string {
  if (id === '' || id.length > longest || !id.isWellFormed())
    throw new QueueError('invalid', `not an id of a job, of 1 to ${longest} characters`)
  return `${name}.${encodeURIComponent(id)}`
}
