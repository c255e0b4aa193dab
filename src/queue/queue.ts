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
