import {
  createPostgresBackend,
  type DefaultJobOptions,
  type JobsOptions,
  type JobType,
  type PgPool,
  type Processor,
  Queue,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq'
import { createRedisClient, type RedisClient } from '../redis/client.ts'
import { type RedisSettings, redisKeyPrefix } from '../redis/settings.ts'
import { QueueError } from './queue.ts'
import { withTimeout } from './retry.ts'

/** Where jobs are: a Redis, or a PostgreSQL in this process. */
export type QueueBackend = { readonly redis: RedisSettings } | { readonly pool: PgPool }

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
  /** Those that are due first come first. The first and the last are counted from 0. */
  getDelayed(first: number, last: number): Promise<readonly DelayedJob[]>
  remove(id: string): Promise<unknown>
  upsertJobScheduler(id: string, repeat: { readonly every: number }, template: JobTemplate): Promise<unknown>
  getJobScheduler(id: string): Promise<{ readonly every?: number } | undefined>
  removeJobScheduler(id: string): Promise<unknown>
  getJobCounts(...states: JobType[]): Promise<Readonly<Record<string, number>>>
  /** Removes the queue with all its jobs. `force`: also those that run. */
  obliterate(options: { readonly force: boolean }): Promise<void>
  close(): Promise<void>
}

/** A job of BullMQ that waits for its time. `timestamp`, `processedOn`: milliseconds since 1970, when it was added and last run. */
export interface DelayedJob {
  readonly name: string
  readonly data: JobData
  readonly timestamp: number
  readonly processedOn?: number | undefined
  /** The id of the schedule that it belongs to. */
  readonly repeatJobKey?: string | undefined
  /** Puts it into the queue now. Throws where it does not wait any more. */
  promote(): Promise<void>
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
  return 'redis' in backend ? serveFromRedis(backend.redis, onError) : serveFromPostgres(backend.pool, onError)
}

/** Milliseconds without an answer until a producer's connection is given up, and its commands sent again on a new one. */
const silence = 2_500

/**
 * Two connections, so that a job is added while workers wait for theirs. On both BullMQ sends again what it has sent when a
 * connection breaks: adding a job twice is adding it once.
 */
function serveFromRedis(settings: RedisSettings, onError: (error: unknown) => void): QueueServer {
  const prefix = `${redisKeyPrefix(settings)}:queue` // beside the store's keys
  const open: RedisClient[] = []
  const connect = (more: { readonly socketTimeout?: number }): RedisClient => {
    const redis = createRedisClient(settings, { ...more, maxRetriesPerRequest: null, resends: true, onError })
    open.push(redis)
    return redis
  }
  const producer = connect({ socketTimeout: silence })
  const untilReady = readiness(producer)
  let consumer: RedisClient | undefined // where nothing is worked on, none is needed

  return {
    queue(name) {
      const queue = new Queue(name, { connection: producer, prefix, streams: bullSettings.streams })
      queue.on('error', onError)
      return queue
    },
    worker(name, processor, limits) {
      consumer ??= connect({})
      const worker = new Worker(name, processor, { ...bullSettings.worker, ...limits, connection: consumer, prefix })
      watchWorker(worker, onError)
      return worker
    },
    ping: () => producer.ping(),
    untilReady,
    close() {
      for (const redis of open) redis.disconnect()
    },
  }
}

/** However many wait, one listens. */
function readiness(redis: RedisClient): (ms: number) => Promise<void> {
  let ready: Promise<void> | undefined
  return async (ms) => {
    if (redis.status === 'ready') return
    ready ??= new Promise<void>((resolve) => redis.once('ready', resolve)).finally(() => {
      ready = undefined
    })
    return withTimeout(ms, ready, () => {
      throw new QueueError('unavailable', 'Redis cannot be reached')
    })
  }
}

/** One session, in which every name means BullMQ's schema. */
async function serveFromPostgres(pool: PgPool, onError: (error: unknown) => void): Promise<QueueServer> {
  await prepare(pool).catch((error) => {
    throw new QueueError('unavailable', "the queue's tables cannot be made or used", { cause: error })
  })

  return {
    queue(name) {
      const queue = new Queue(name, { connection: pool, streams: bullSettings.streams }, createPostgresBackend)
      queue.on('error', onError)
      return queue
    },
    worker(name, processor, limits) {
      const worker = new Worker(
        name,
        processor,
        { ...bullSettings.worker, ...limits, connection: pool },
        createPostgresBackend,
      )
      watchWorker(worker, onError)
      return worker
    },
    ping: () => pool.query('select 1'),
    untilReady: async () => undefined,
    close: () => undefined, // the pool is its owner's
  }
}

async function prepare(pool: PgPool): Promise<void> {
  const client = await pool.connect()
  await runMigrations(client)
  await client.query('set search_path to bullmq, public')
  client.release()
}

/** Of BullMQ, whatever is behind it. */
const bullSettings = {
  /** We count interruptions ourselves; this must fit an `integer`. A worker asks again a second after its server was away. */
  worker: { maxStalledCount: 2 ** 31 - 1, runRetryDelay: 1_000 },
  /** Events of its own, which nobody here reads: its default is the newest 10 000 of a queue. */
  streams: { events: { maxLen: 100 } },
} as const

/** Of a BullMQ worker, whatever is behind it. */
interface WatchedWorker {
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'lockRenewalFailed', listener: (ids: string[]) => void): unknown
  cancelJob(id: string, reason?: string): boolean
  pause(doNotWaitActive?: boolean): Promise<void>
  resume(): unknown
}

/** Errors in a row, each less than a second after the first. */
const many = 10
/** Milliseconds. */
const rest = 1_000

/**
 * Errors are told. A job whose lock was lost is another worker's, so who still runs it is told to stop. And BullMQ pauses
 * where a connection is away, but asks again at once where it is told no: a Redis without memory, which `noeviction` makes
 * of a full one, would be asked thousands of times a second.
 */
function watchWorker(worker: WatchedWorker, onError: (error: unknown) => void): void {
  let errors = 0
  let first = 0

  worker.on('error', (error) => {
    onError(error)
    const now = performance.now()
    if (now - first > rest) {
      first = now
      errors = 0
    }
    errors += 1
    if (errors !== many) return
    worker.pause(true).catch(onError)
    setTimeout(() => worker.resume(), rest)
  })
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'its lock was lost')
  })
}
