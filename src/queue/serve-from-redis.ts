import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { bullSettings } from './bull-settings.ts'
import { QueueError } from './queue-error.ts'
import type { QueueServer } from './queue-server.ts'
import { watchWorker } from './watch-worker.ts'
import { within } from './within.ts'

/** Beside the store's keys. */
const prefix = 'imagepull:queue'
/** Milliseconds. */
const connectTimeout = 2_000
/** Milliseconds without an answer until a producer's connection is given up, and its commands sent again on a new one. */
const silence = 2_500

/**
 * Two connections, so that a job is added while workers wait for theirs. On both BullMQ sends again what it has sent when a
 * connection breaks: adding a job twice is adding it once.
 */
export function serveFromRedis(url: string, onError: (error: unknown) => void): QueueServer {
  const open: Redis[] = []
  const connect = (more: { readonly socketTimeout?: number }): Redis => {
    const redis = new Redis(url, { ...more, maxRetriesPerRequest: null, connectTimeout, retryStrategy })
    redis.on('error', onError)
    open.push(redis)
    return redis
  }
  const producer = connect({ socketTimeout: silence })
  const untilReady = readiness(producer)
  let consumer: Redis | undefined // where nothing is worked on, none is needed

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

function retryStrategy(times: number): number {
  return Math.min(50 * 2 ** times, 1_000)
}

/** However many wait, one listens. */
function readiness(redis: Redis): (ms: number) => Promise<void> {
  let ready: Promise<void> | undefined
  return async (ms) => {
    if (redis.status === 'ready') return
    ready ??= new Promise<void>((resolve) => redis.once('ready', resolve)).finally(() => {
      ready = undefined
    })
    return within(ms, ready, () => {
      throw new QueueError('unavailable', 'Redis cannot be reached')
    })
  }
}
