import type { JobName } from './jobs.ts'

export interface HandlerContext {
  /** From 1. */
  readonly attempt: number
  /** Aborted when the process must end, or when the job has become another worker's. */
  readonly signal: AbortSignal
}

/** May throw Later. Runs again from its beginning where it was interrupted, so its effects must bear that. */
export type Handler = (id: string, context: HandlerContext) => Promise<void>

/** What each job does. One without a handler is another version's, and fails. */
export type Handlers = Readonly<Partial<Record<JobName, Handler>>>

export interface WorkOptions {
  /** A job has failed for good. Awaited, and asked again where it rejects. */
  readonly onFailed: (name: JobName, id: string, error: unknown) => Promise<void> | void
  /** Something failed that the queue itself gets over: the same at most once in ten seconds. */
  readonly onError: (error: unknown) => void
}

export interface QueueCounts {
  readonly waiting: number
  readonly active: number
  /** Delays, jobs between two attempts, and the next one of each schedule. */
  readonly delayed: number
  readonly failed: number
}

/** Jobs of a name and an id, never two of them at a time. Every method but `stop` throws QueueError. */
export interface Queue {
  /**
   * Durable when it returns. While one of that name and id waits, no second is added, and of two times the sooner counts;
   * while one runs, one more follows it. One between two attempts keeps its time. @param options.delay Milliseconds.
   */
  add(name: JobName, id: string, options?: { readonly delay?: number }): Promise<void>
  /** Starts working: once a process. */
  work(handlers: Handlers, options: WorkOptions): void
  /** At once, and then every `ms` milliseconds, once over all processes; a longer run is not overtaken. */
  every(name: JobName, id: string, ms: number): Promise<void>
  counts(): Promise<QueueCounts>
  /** Takes no new job, waits `ms` milliseconds at most for those that run, then aborts their signals. Resolves in any case. */
  stop(ms: number): Promise<void>
}

/**
 * `unavailable`: the job may or may not have been taken. `interrupted`: its worker was killed again and again.
 * `invalid`: not a job that can be taken.
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

/** Thrown by a handler: the job comes back after `ms` milliseconds, as if this had been no attempt. */
export class Later extends Error {
  override readonly name = 'Later'
  readonly ms: number

  constructor(ms: number) {
    super(`in ${ms} ms`)
    this.ms = ms
  }
}

/** Characters, as of ids in the store. */
const longest = 512

/** Names a job within the queue. BullMQ gives ":" a meaning of its own. Throws QueueError `invalid`. */
export function jobKey(name: JobName, id: string): string {
  if (id === '' || id.length > longest || !id.isWellFormed())
    throw new QueueError('invalid', `not an id of a job, of 1 to ${longest} characters`)
  return `${name}.${encodeURIComponent(id)}`
}
