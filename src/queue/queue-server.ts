import type { DefaultJobOptions, JobsOptions, JobType, PgPool, Processor, Worker, WorkerOptions } from 'bullmq'
import { serveFromPostgres } from './serve-from-postgres.ts'
import { serveFromRedis } from './serve-from-redis.ts'

/** Where jobs are: a Redis, or a PostgreSQL in this process. */
export type QueueBackend = { readonly redisUrl: string } | { readonly pool: PgPool }

/** What BullMQ keeps of a job: who reads it elsewhere learns nothing. */
export interface JobData {
  readonly id: string
}

/** What we use of BullMQ's `Queue`, whatever is behind it. */
export interface JobQueue {
  add(name: string, data: JobData, options: JobsOptions): Promise<{ readonly id?: string | undefined }>
  /** When it was added, and for how many milliseconds it waits. */
  getJob(id: string): Promise<{ readonly timestamp: number; readonly delay: number } | undefined>
  getDeduplicationJobId(id: string): Promise<string | null>
  remove(id: string): Promise<unknown>
  upsertJobScheduler(id: string, repeat: { readonly every: number }, template: JobTemplate): Promise<unknown>
  getJobCounts(...states: JobType[]): Promise<Readonly<Record<string, number>>>
  close(): Promise<void>
}

interface JobTemplate {
  readonly name: string
  readonly data: JobData
  readonly opts: DefaultJobOptions
}

export type JobProcessor = Processor<JobData, void>
export type JobWorker = Pick<Worker, 'cancelAllJobs' | 'close' | 'pause'>
export type WorkerLimits = Pick<WorkerOptions, 'concurrency' | 'lockDuration' | 'stalledInterval'>

export interface QueueServer {
  queue(name: string): JobQueue
  worker(name: string, processor: JobProcessor, limits: WorkerLimits): JobWorker
  /** Rejects, or never resolves, where it is away. */
  ping(): Promise<unknown>
  /** Throws QueueError while it is away, after so many milliseconds. */
  untilReady(ms: number): Promise<void>
  close(): void
}

/** @param onError Of every connection, queue and worker. Without it an `error` event would end the process. */
export async function connectQueueServer(
  backend: QueueBackend,
  onError: (error: unknown) => void,
): Promise<QueueServer> {
  return 'redisUrl' in backend ? serveFromRedis(backend.redisUrl, onError) : serveFromPostgres(backend.pool, onError)
}
