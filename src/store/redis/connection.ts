import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster, Redis } from 'ioredis'
import { createRedisClient, type RedisClient } from '../../redis/client.ts'
import type { RedisSettings } from '../../redis/settings.ts'
import { redact } from '../../secret.ts'
import { StoreError } from '../store.ts'

/** Milliseconds. An answer takes one; who waits longer has something better to say. */
const patience = 2_000
/** Milliseconds without a byte until the connection is given up: longer than the patience, so that this is told as such. */
const silence = 2_500
/** Milliseconds. */
const betweenTries = 20
const unsent = Symbol('unsent')

/** The commands of the store. One server and a cluster have them alike. */
export type RedisCommands = Pick<Redis, 'eval' | 'evalsha' | 'set'>

export interface RedisConnection {
  /** Throws StoreError: `unavailable` while the server is away, `timeout` where it does not answer. @param asked "read incident" */
  run<T>(asked: string, work: (redis: RedisCommands) => Promise<T>): Promise<T>
  /** As `run`, on every server that holds data: one, or the masters of a cluster. */
  runOnEach<T>(asked: string, work: (redis: Redis) => Promise<T>): Promise<readonly T[]>
  close(): Promise<void>
}

/**
 * A connection that comes back by itself. What was sent when it broke is not sent again: of a compare-and-set that had
 * been done, the second would say that somebody else was first.
 */
export function connectRedis(settings: RedisSettings, onError: (error: unknown) => void): RedisConnection {
  let lastError: unknown // why it cannot be reached
  const redis = createRedisClient(settings, {
    resends: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0, // else what was sent would wait for its time to be over
    commandTimeout: patience,
    socketTimeout: silence,
    onError(error) {
      lastError = error
      onError(error)
    },
  })
  let ready: Promise<unknown> | undefined // however many wait, one listens
  let closed = false

  async function untilReady(ms: number): Promise<void> {
    if (closed) throw new StoreError('unavailable', 'the store is closed')
    if (redis.status === 'ready') return
    ready ??= new Promise((resolve) => redis.once('ready', resolve)).finally(() => {
      ready = undefined
    })
    const late = sleep(ms, undefined, { ref: false }).then(() => {
      // The reason may name an address, and this message is shown to anyone who asks for /readyz.
      const cause = lastError && new Error(redact(reasonOf(lastError)), { cause: lastError })
      throw new StoreError('unavailable', 'Redis cannot be reached', { cause })
    })
    await Promise.race([ready, late])
  }

  async function runOn<T>(asked: string, work: (redis: RedisClient) => Promise<T>): Promise<T> {
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

  return {
    run: runOn,
    runOnEach: (asked, work) => runOn(asked, (client) => Promise.all(serversOf(client).map(work))),
    close,
  }
}

function serversOf(client: RedisClient): readonly Redis[] {
  return isCluster(client) ? client.nodes('master') : [client]
}

function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster
}

/** ioredis learns a little late that a connection broke; what it refuses meanwhile has gone nowhere, and may be tried again. */
function wasSent(error: unknown): boolean {
  return !(error instanceof Error && error.message.startsWith("Stream isn't writeable"))
}

function explained(error: unknown, asked: string): StoreError {
  const reason = reasonOf(error)
  if (reason === 'Command timed out')
    return new StoreError('timeout', `Redis did not answer within ${patience / 1_000} s (${asked})`, { cause: error })
  return new StoreError('unavailable', `Redis did not do it (${asked}): ${redact(reason)}`, { cause: error })
}

/** Of a cluster whose nodes all failed, the last failure says more than that all did; of OpenSSL, its own short reason. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { lastNodeError, reason } = error as { readonly lastNodeError?: unknown; readonly reason?: unknown } // if any
  if (lastNodeError instanceof Error) return reasonOf(lastNodeError)
  return typeof reason === 'string' ? reason : error.message
}
