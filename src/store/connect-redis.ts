import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { redact } from '../secret.ts'
import { StoreError } from './store-error.ts'

/** Milliseconds. An answer takes one; who waits longer has something better to say. */
const patience = 2_000
/** Milliseconds without a byte until the connection is given up: longer than the patience, so that this is told as such. */
const silence = 2_500
/** Milliseconds. */
const betweenTries = 20
const unsent = Symbol('unsent')

export interface RedisConnection {
  /** Throws StoreError: `unavailable` while the server is away, `timeout` where it does not answer. @param asked "read incident" */
  run<T>(asked: string, work: (redis: Redis) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * A connection that comes back by itself. What was sent when it broke is not sent again: of a compare-and-set that had
 * been done, the second would say that somebody else was first. Throws StoreError `invalid` for no address of a Redis.
 */
export function connectRedis(url: string, onError: (error: unknown) => void): RedisConnection {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol))
    throw new StoreError('invalid', 'REDIS_URL is no address of a Redis, such as redis://127.0.0.1:6379')
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0, // else what was sent would wait for its time to be over
    connectTimeout: patience,
    commandTimeout: patience,
    socketTimeout: silence,
    retryStrategy: (times) => Math.min(50 * 2 ** times, 1_000),
  })
  redis.on('error', onError)

  let ready: Promise<unknown> | undefined // however many wait, one listens
  let closed = false

  async function untilReady(ms: number): Promise<void> {
    if (closed) throw new StoreError('unavailable', 'the store is closed')
    if (redis.status === 'ready') return
    ready ??= new Promise((resolve) => redis.once('ready', resolve)).finally(() => {
      ready = undefined
    })
    const late = sleep(ms, undefined, { ref: false }).then(() => {
      throw new StoreError('unavailable', 'Redis cannot be reached')
    })
    await Promise.race([ready, late])
  }

  async function run<T>(asked: string, work: (redis: Redis) => Promise<T>): Promise<T> {
    const end = Date.now() + patience
    try {
      for (;;) {
        await untilReady(end - Date.now())
        const answer = await work(redis).catch((error) =>
          wasSent(error) || Date.now() > end ? Promise.reject(error) : unsent,
        )
        if (answer !== unsent) return answer as T // it is not the mark
        await sleep(betweenTries)
      }
    } catch (error) {
      throw error instanceof StoreError ? error : explained(error, asked)
    }
  }

  async function close(): Promise<void> {
    closed = true
    redis.disconnect()
  }

  return { run, close }
}

/** ioredis learns a little late that a connection broke; what it refuses meanwhile has gone nowhere, and may be tried again. */
function wasSent(error: unknown): boolean {
  return !(error instanceof Error && error.message.startsWith("Stream isn't writeable"))
}

function explained(error: unknown, asked: string): StoreError {
  const reason = error instanceof Error ? error.message : String(error)
  if (reason === 'Command timed out')
    return new StoreError('timeout', `Redis did not answer within ${patience / 1_000} s (${asked})`, { cause: error })
  return new StoreError('unavailable', `Redis did not do it (${asked}): ${redact(reason)}`, { cause: error })
}
