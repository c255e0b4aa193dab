import type { DefaultJobOptions } from 'bullmq'
import {
  connectQueueServer,
  type JobData,
  type JobProcessor,
  type JobQueue,
  type JobWorker,
  type QueueBackend,
} from './backends.ts'
import { createBoundedCalls } from './bounded-calls.ts'
import { promoteFutureJobs, watchClock } from './clock-change.ts'
import { asJobName, type JobName, jobKinds, type LaneName, lanes } from './jobs.ts'
import { type Handlers, jobKey, type Queue, type QueueCounts, QueueError, type WorkOptions } from './queue.ts'
import { retry, throttleErrors, withTimeout } from './retry.ts'
import { delaysIn, type RunContext, runJob } from './run-job.ts'

export interface QueueTiming {
  /** Milliseconds without a sign of a worker after which its jobs go to another one. */
  readonly lock: number
  /** Milliseconds of the pause after the first failed attempt. Each further pause is twice as long. */
  readonly pause: number
}

/** A killed worker is noticed after about 15 s: its lock ends, and two checks in a row find the job without a lock. */
const defaultTiming: QueueTiming = { lock: 10_000, pause: 1_000 }
/** Concurrent delays. Each takes a millisecond. */
const delaysAtOnce = 20
/** Milliseconds for closing the connections. */
const closingTime = 1_000
/** Every job has a signal of its own, although the types do not say so. */
const never = new AbortController().signal
/**
 * Jobs that failed for good are kept for people to examine, for so many seconds and up to a number. Finished jobs are
 * not kept.
 */
const kept = {
  removeOnComplete: true,
  removeOnFail: { age: 7 * 24 * 60 * 60, count: 1_000 },
  stackTraceLimit: 0,
} as const satisfies DefaultJobOptions

/**
 * BullMQ 6.7 on Redis, or on its PostgreSQL backend in this process. What its deduplication does was tried on both, and
 * both do the same:
 *
 * - With `keepLastIfActive` one job of an id waits, and one that is added while another runs becomes a job in the same step
 *   that ends the run. That is what `add` promises, so it is what the two lanes use.
 * - But of several that are added during a run the last one counts, with its delay, which begins when the run ends. And
 *   `replace` and `reschedule` put a waiting job off as willingly as they bring it forward, and take one that has failed out
 *   of its pause.
 * - A job id of our own (no ":" in it, not digits alone) is known as long as its job runs: nothing would follow.
 *
 * So a job in a lane has no delay. A delay is a job of a third queue, which adds the real one when its time has come; so are
 * schedules, and so is Later: that run is over, and the next begins with a first attempt. Each run drops the delay of its
 * job, because it covers all that was asked for before it began.
 *
 * A worker that is killed leaves its job to another. What it had done of it is done again.
 */
export async function openBullQueue(backend: QueueBackend, timing: QueueTiming = defaultTiming): Promise<Queue> {
  let report: (error: unknown) => void = () => undefined // before `work`, only the callers get errors
  const server = await connectQueueServer(backend, (error) => report(error))
  const { ask, end } = createBoundedCalls(server)
  const queues: Readonly<Record<LaneName | 'delays', JobQueue>> = {
    checks: server.queue('checks'),
    threads: server.queue('threads'),
    delays: server.queue('delays'),
  }
  const delays = delaysIn(queues.delays, kept)
  const workers: JobWorker[] = []
  const running = new Set<Promise<void>>()
  const ended = new AbortController()
  let stopWatching = (): void => undefined
  let stopping: Promise<void> | undefined

  async function addNow(name: JobName, id: string): Promise<void> {
    const { lane, attempts, priority } = jobKinds[name]
    const deduplication = { id: jobKey(name, id), keepLastIfActive: true }
    const backoff = { type: 'exponential', delay: timing.pause, jitter: 0.5 }
    await queues[lane].add(name, { id }, { ...kept, attempts, priority, backoff, deduplication })
  }

  function add(name: JobName, id: string, { delay = 0 }: { readonly delay?: number } = {}): Promise<void> {
    return ask(() => (delay === 0 ? addNow(name, id) : delays.add(name, id, delay)))
  }

  function work(handlers: Handlers, { onFailed, onError }: WorkOptions): void {
    if (workers.length > 0) throw new QueueError('invalid', 'the queue already works on jobs')
    report = throttleErrors(onError)
    const later = (name: JobName, id: string, ms: number): Promise<void> => add(name, id, { delay: ms })
    const dropDelay = (name: JobName, id: string): Promise<void> => ask(() => delays.drop(name, id))
    const isEnding = (): boolean => stopping !== undefined
    const context: RunContext = { handlers, later, dropDelay, isEnding, onFailed, onError: report }
    const limits = { lockDuration: timing.lock, stalledInterval: timing.lock / 2 }
    for (const [lane, { concurrency }] of Object.entries(lanes)) {
      const run: JobProcessor = (job, token, signal) =>
        tracked(runJob({ job, token, signal: signal ?? never }, context))
      workers.push(server.worker(lane, run, { ...limits, concurrency }))
    }
    workers.push(server.worker('delays', addDue, { ...limits, concurrency: delaysAtOnce }))
    stopWatching = watchClock(catchUp)
    catchUp() // the clock may have been set back before this process began
  }

  function catchUp(): void {
    const promoted = (): Promise<void> =>
      ask(async () => {
        await Promise.all([delays.catchUp(), promoteFutureJobs(queues.checks), promoteFutureJobs(queues.threads)])
      })
    retry(promoted, ended.signal, report).catch((error) => ended.signal.aborted || report(error))
  }

  function tracked(run: Promise<void>): Promise<void> {
    running.add(run)
    return run.finally(() => running.delete(run))
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.allSettled(running)
  }

  async function addDue({ name, data }: { readonly name: string; readonly data: JobData }): Promise<void> {
    const known = asJobName(name)
    if (!known) throw new QueueError('invalid', `a job of another version: ${name}`) // it waits for a worker of that one
    await add(known, data.id)
  }

  async function halt(ms: number): Promise<void> {
    stopWatching()
    ended.abort()
    await closeWorkers(workers, { ms, idle, ping: server.ping })
    end()
    await withTimeout(closingTime, Promise.allSettled(Object.values(queues).map((queue) => queue.close())), () => [])
    server.close()
  }

  return {
    add,
    work,
    every: (name, id, ms) => ask(() => delays.every(name, id, ms)),
    counts: () => ask(() => countJobs(Object.values(queues))),
    stop(ms) {
      stopping ??= halt(ms)
      return stopping
    },
  }
}

async function countJobs(queues: readonly JobQueue[]): Promise<QueueCounts> {
  const each = await Promise.all(
    queues.map((queue) => queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed')),
  )
  const sum = (state: string): number => each.reduce((total, counts) => total + (counts[state] ?? 0), 0)
  return {
    waiting: sum('waiting') + sum('prioritized'), // BullMQ counts jobs with a priority separately
    active: sum('active'),
    delayed: sum('delayed'),
    failed: sum('failed'),
  }
}

export interface ClosingOptions {
  /** Milliseconds that running jobs get to end by themselves. */
  readonly ms: number
  /** Resolves when no handler runs. */
  idle(): Promise<void>
  /** Resolves if the server can store the results of jobs. */
  ping(): Promise<unknown>
}

/** Milliseconds that jobs get after their signal was aborted, and then BullMQ to store their results. */
const grace = 2_000
/** Milliseconds for an answer of a reachable server. */
const patience = 500

/**
 * Closes the workers. They take no further job, and give back what they had fetched. Running jobs get their time to
 * end, then their signals are aborted. It never rejects: BullMQ's own closing waits for an unreachable server, and for
 * a handler that ignores its signal, so in these cases it is forced. Such a job is found as abandoned.
 */
async function closeWorkers(workers: readonly JobWorker[], options: ClosingOptions): Promise<void> {
  for (const worker of workers) worker.pause(true).catch(() => undefined)
  const inTime = await happens(options.ms, options.idle())
  if (!inTime) for (const worker of workers) worker.cancelAllJobs('the process ends')
  const ended = inTime || (await happens(grace, options.idle()))
  const forced = !ended || !(await happens(patience, options.ping()))
  await withTimeout(grace, Promise.allSettled(workers.map((worker) => worker.close(forced))), () => [])
}

function happens(ms: number, what: Promise<unknown>): Promise<boolean> {
  const yes = what.then(
    () => true,
    () => false,
  )
  return withTimeout(ms, yes, () => false)
}
