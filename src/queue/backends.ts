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

/** Where jobs are stored: in Redis, or in a PostgreSQL in this process. */
export type QueueBackend = { readonly redis: RedisSettings } | { readonly pool: PgPool }

/** What BullMQ stores of a job. It discloses nothing to other readers. */
export interface JobData {
  readonly id: string
}

/** The part of BullMQ's `Queue` that is used, with either backend. */
export interface JobQueue {
  add(name: string, data: JobData, options: JobsOptions): Promise<{ readonly id?: string | undefined }>
  /** Returns when the job was added, and its delay in milliseconds. */
  getJob(id: string): Promise<{ readonly timestamp: number; readonly delay: number } | undefined>
  getDeduplicationJobId(id: string): Promise<string | null>
  /** Lists delayed jobs, the earliest first. @param first,last Positions from 0. */
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

/**
 * A delayed job of BullMQ. `timestamp`: when it was added. `processedOn`: when it last ran. Both are milliseconds since
 * 1970.
 */
export interface DelayedJob {
  readonly name: string
  readonly data: JobData
  readonly timestamp: number
  readonly processedOn?: number | undefined
  /** The id of its schedule. */
  readonly repeatJobKey?: string | undefined
  /** Moves the job into the queue now. Throws if it does not wait any more. */
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
  /** Rejects, or never resolves, if the server is unreachable. */
  ping(): Promise<unknown>
  /** Waits until the server is reachable. Throws QueueError after `ms` milliseconds. */
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

/** Milliseconds without an answer after which a producer's connection is replaced, and its commands are sent again. */
const silence = 2_500

/**
 * Uses two connections, so that jobs can be added while workers wait. On both, BullMQ sends again what was sent when a
 * connection broke: adding a job twice is the same as adding it once.
 */
function serveFromRedis(settings: RedisSettings, onError: (error: unknown) => void): QueueServer {
  const prefix = `${redisKeyPrefix(settings)}:queue` // separate from the store's keys
  const open: RedisClient[] = []
  const connect = (more: { readonly socketTimeout?: number }): RedisClient => {
    const redis = createRedisClient(settings, { ...more, maxRetriesPerRequest: null, resends: true, onError })
    open.push(redis)
    return redis
  }
  const producer = connect({ socketTimeout: silence })
  const untilReady = readiness(producer)
  let consumer: RedisClient | undefined // needed only by workers

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

/** Waits for the connection. All callers share one listener. */
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

/** Uses one session, in which every name refers to BullMQ's schema. */
async function serveFromPostgres(pool: PgPool, onError: (error: unknown) => void): Promise<QueueServer> {
  await prepare(pool).catch((error) => {
    throw new QueueError('unavailable', "the queue's tables cannot be created or used", { cause: error })
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
    close: () => undefined, // the pool belongs to its owner
  }
}

async function prepare(pool: PgPool): Promise<void> {
  const client = await pool.connect()
  await runMigrations(client)
  await client.query('set search_path to bullmq, public')
  client.release()
}

/** The settings of BullMQ for both backends. */
const bullSettings = {
  /**
   * This program counts interruptions itself; the number must fit an `integer`. A worker asks again one second after
   * its server was unreachable.
   */
  worker: { maxStalledCount: 2 ** 31 - 1, runRetryDelay: 1_000 },
  /** BullMQ's own events are not read here. Its default keeps the newest 10,000 of a queue. */
  streams: { events: { maxLen: 100 } },
} as const

/** The part of a BullMQ worker that is watched, with either backend. */
interface WatchedWorker {
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'lockRenewalFailed', listener: (ids: string[]) => void): unknown
  cancelJob(id: string, reason?: string): boolean
  pause(doNotWaitActive?: boolean): Promise<void>
  resume(): unknown
}

/** The number of errors within a second after the first one. */
const many = 10
/** Milliseconds. */
const rest = 1_000

/**
 * Reports errors, and stops jobs whose lock was lost, because another worker has them. It also pauses a worker after
 * many errors: BullMQ pauses while a connection is lost, but asks again at once if it is refused. A Redis whose memory
 * is full would be asked thousands of times a second.
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
