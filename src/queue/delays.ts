import { randomUUID } from 'node:crypto'
import type { DefaultJobOptions } from 'bullmq'
import { jobKey } from './job-key.ts'
import type { JobName } from './jobs.ts'
import { QueueError } from './queue-error.ts'
import type { JobQueue } from './queue-server.ts'

/** Jobs whose only work is to add another when its time has come. */
export interface Delays {
  /** One a job: of two times the sooner. @param delay Milliseconds. */
  add(name: JobName, id: string, delay: number): Promise<void>
  every(name: JobName, id: string, ms: number): Promise<void>
  /** Not a schedule. */
  drop(name: JobName, id: string): Promise<void>
}

/** Adding fails while the server is away, and then so does telling it: it is tried until it is done. */
const always: DefaultJobOptions = { attempts: 1_000_000, backoff: { type: 'fixed', delay: 1_000 } }

export function delaysIn(queue: JobQueue, keep: DefaultJobOptions): Delays {
  const options = { ...keep, ...always }

  /**
   * A later one that stands is replaced, a sooner one is left. Between the look and the replacement another process may do
   * the same with another time; then the later of the two may stand. None is lost.
   */
  async function add(name: JobName, id: string, delay: number): Promise<void> {
    const deduplication = { id: jobKey(name, id), keepLastIfActive: true }
    const own = { ...options, delay: milliseconds(delay), jobId: randomUUID() }
    const job = await queue.add(name, { id }, { ...own, deduplication })
    if (!job.id || job.id === own.jobId) return
    const other = await queue.getJob(job.id)
    if (other && other.timestamp + other.delay <= Date.now() + delay) return
    await queue.add(name, { id }, { ...own, deduplication: { ...deduplication, replace: true } })
  }

  async function every(name: JobName, id: string, ms: number): Promise<void> {
    await queue.upsertJobScheduler(jobKey(name, id), { every: milliseconds(ms) }, { name, data: { id }, opts: options })
  }

  async function drop(name: JobName, id: string): Promise<void> {
    const job = await queue.getDeduplicationJobId(jobKey(name, id))
    if (job) await queue.remove(job)
  }

  return { add, every, drop }
}

function milliseconds(ms: number): number {
  if (ms > 0 && Number.isFinite(ms)) return Math.ceil(ms)
  throw new QueueError('invalid', `${ms} is not a number of milliseconds`)
}
