import type { JobName } from './jobs.ts'

export interface HandlerContext {
  /** The first attempt is 1. */
  readonly attempt: number
  /** Aborted if the process must end, or if another worker took over the job. */
  readonly signal: AbortSignal
}

/**
 * Does the work of a job. It runs again from its beginning after an interruption, so it must be safe to run again. It
 * may throw Later.
 */
export type Handler = (id: string, context: HandlerContext) => Promise<void>

/** The handler of each job. A job without a handler belongs to another version of this program, and fails. */
export type Handlers = Readonly<Partial<Record<JobName, Handler>>>

export interface WorkOptions {
  /** Called if a job has failed for good. It is awaited, and called again if it rejects. */
  readonly onFailed: (name: JobName, id: string, error: unknown) => Promise<void> | void
  /** Called for errors from which the queue recovers by itself, at most once in ten seconds for the same error. */
  readonly onError: (error: unknown) => void
}

export interface QueueCounts {
  readonly waiting: number
  readonly active: number
  /** Delayed jobs, jobs between two attempts, and the next job of each schedule. */
  readonly delayed: number
  readonly failed: number
}

/**
 * Jobs with a name and an id. Two jobs with the same name and id never run at the same time. Every method but `stop`
 * throws QueueError.
 */
export interface Queue {
  /**
   * Adds a job, which is durable when this returns. While the same job waits, no second one is added, and the earlier
   * of two times counts. While it runs, one more follows it. A job between two attempts keeps its time. @param
   * options.delay Milliseconds.
   */
  add(name: JobName, id: string, options?: { readonly delay?: number }): Promise<void>
  /** Starts to work on jobs. Call it once in a process. */
  work(handlers: Handlers, options: WorkOptions): void
  /** Runs a job now and then every `ms` milliseconds, once over all processes. A longer run is not overtaken. */
  every(name: JobName, id: string, ms: number): Promise<void>
  counts(): Promise<QueueCounts>
  /**
   * Takes no new job, waits at most `ms` milliseconds for running jobs, and then aborts their signals. It never
   * rejects.
   */
  stop(ms: number): Promise<void>
}

/**
 * `unavailable`: the job may or may not have been added. `interrupted`: its worker was killed again and again.
 * `invalid`: the job is not possible.
 */
export type QueueErrorCode = 'unavailable' | 'interrupted' | 'invalid'

export class QueueError extends Error {
  override readonly name = 'QueueError'
  readonly code: QueueErrorCode

  constructor(code: QueueErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Thrown by a handler: the job runs again after `ms` milliseconds, and this run does not count as an attempt. */
export class Later extends Error {
  override readonly name = 'Later'
  readonly ms: number

  constructor(ms: number) {
    super(`in ${ms} ms`)
    this.ms = ms
  }
}

/** Characters, as for ids in the store. */
const longest = 512

/** Returns the id of a job in the queue. ":" has a special meaning in BullMQ. Throws QueueError `invalid`. */
export function jobKey(name: JobName, id: string): string {
  if (id === '' || id.length > longest || !id.isWellFormed())
    throw new QueueError('invalid', `an id of a job must have 1 to ${longest} characters`)
  return `${name}.${encodeURIComponent(id)}`
}
