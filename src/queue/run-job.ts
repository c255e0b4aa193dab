import { randomUUID } from 'node:crypto'
import { type DefaultJobOptions, type Job, UnrecoverableError, WaitingError } from 'bullmq'
import { redact } from '../secret.ts'
import type { JobData, JobQueue } from './backends.ts'
import { promoteFutureJobs } from './clock-change.ts'
import { asJobName, type JobName } from './jobs.ts'
import { type Handlers, jobKey, Later, QueueError, type WorkOptions } from './queue.ts'
import { retry } from './retry.ts'

export interface RunContext extends WorkOptions {
  readonly handlers: Handlers
  /** Adds the job once more, after a delay in milliseconds. */
  later(name: JobName, id: string, ms: number): Promise<void>
  /** Drops a waiting delay of the same job, because this run covers everything that was requested before it. */
  dropDelay(name: JobName, id: string): Promise<void>
  /** Tells whether the process is ending, so that no job may begin. */
  isEnding(): boolean
}

export interface JobRun {
  readonly job: Job<JobData, void>
  readonly token: string | undefined
  readonly signal: AbortSignal
}

/** A job that was interrupted so often probably kills its workers. */
const interruptions = 10
/** Characters of an error that the queue stores: enough to recognise it. */
const errorLength = 500

/** Runs a handler for BullMQ. For BullMQ, an error that is thrown here is a failed attempt. */
export async function runJob(run: JobRun, context: RunContext): Promise<void> {
  if (context.isEnding()) return giveBack(run)
  try {
    await attempt(run, context)
  } catch (error) {
    if (run.signal.aborted) await giveBack(run)
    throw error
  }
}

async function attempt({ job, signal }: JobRun, context: RunContext): Promise<void> {
  const { id } = job.data
  const name = asJobName(job.name)
  const handler = name && context.handlers[name]
  if (!name || !handler) throw new QueueError('invalid', `a job of another version: ${job.name}`)
  try {
    if (job.stalledCounter > interruptions)
      throw new QueueError('interrupted', `its worker was killed ${job.stalledCounter} times`)
    await context.dropDelay(name, id).catch(context.onError)
    await handler(id, { attempt: job.attemptsMade + 1, signal })
  } catch (error) {
    if (error instanceof Later) return retry(() => context.later(name, id, error.ms), signal, context.onError)
    if (signal.aborted) throw error
    if (!isLast(job, error)) throw new Error(kept(error))
    await retry(() => context.onFailed(name, id, error), signal, context.onError)
    throw new UnrecoverableError(kept(error))
  }
}

function isLast({ attemptsMade, opts }: Job, error: unknown): boolean {
  if (error instanceof QueueError && error.code === 'interrupted') return true
  return attemptsMade + 1 >= (opts.attempts ?? 1)
}

/**
 * The end of this process is no failure of the job, so the job waits again. If that is not possible, it will be found
 * as abandoned.
 */
async function giveBack({ job, token }: JobRun): Promise<never> {
  await job.moveToWait(token).catch(() => undefined)
  throw new WaitingError()
}

/** Returns the part of an error that the queue stores. */
function kept(error: unknown): string {
  return redact(error instanceof Error ? error.message : String(error)).slice(0, errorLength)
}

/** Delays: jobs that only add another job when its time has come. */
export interface Delays {
  /** Adds a delay. A job has at most one, and of two times the earlier counts. @param delay Milliseconds. */
  add(name: JobName, id: string, delay: number): Promise<void>
  every(name: JobName, id: string, ms: number): Promise<void>
  /** Drops a delay, but not a schedule. */
  drop(name: JobName, id: string): Promise<void>
  /** Call it after the wall clock was set back: everything that waits since then runs now. */
  catchUp(): Promise<void>
}

/** If the server is unreachable, adding a delay fails. So it is repeated until it succeeds. */
const always: DefaultJobOptions = { attempts: 1_000_000, backoff: { type: 'fixed', delay: 1_000 } }

export function delaysIn(queue: JobQueue, keep: DefaultJobOptions): Delays {
  const options = { ...keep, ...always }

  /**
   * Replaces a later delay, and keeps an earlier one. In between, another process may do the same with another time,
   * and then the later of the two may remain. None is lost.
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

  function catchUp(): Promise<void> {
    return promoteFutureJobs(queue, async ({ name, data }, schedule) => {
      const known = asJobName(name)
      const ms = (await queue.getJobScheduler(schedule))?.every
      if (!known || !ms) return // another version of this program added it
      await queue.removeJobScheduler(schedule)
      await every(known, data.id, ms)
    })
  }

  return { add, every, drop, catchUp }
}

function milliseconds(ms: number): number {
  if (ms > 0 && Number.isFinite(ms)) return Math.ceil(ms)
  throw new QueueError('invalid', `${ms} is not a number of milliseconds`)
}
