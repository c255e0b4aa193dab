import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { redact } from '../../secret.ts'
import { type Text, text } from '../../text.ts'
import { StoreError } from '../store.ts'

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

/** Scripts that write after they asked the time need 5.0, the rest of what we and the queue use 6.2. */
const least = { major: 6, minor: 2 } as const

type Asked = Pick<Redis, 'info' | 'config'>

/** What is wrong with a Redis that is to keep our records: sentences with the command that mends it. */
export async function checkRedis(redis: Asked): Promise<readonly Text[]> {
  const [info, policy, save] = await Promise.all([
    redis.info().catch(refused),
    setting(redis, 'maxmemory-policy'),
    setting(redis, 'save'),
  ])
  const fields = new Map(info?.split(/\r?\n/).map((line) => splitOnce(line)))
  return [
    versionProblem(fields.get('redis_version')),
    policyProblem(policy ?? fields.get('maxmemory_policy')),
    persistenceProblem(fields.get('aof_enabled'), save),
  ].filter((it) => it !== undefined)
}

function versionProblem(version: string | undefined): Text | undefined {
  const [major = Number.NaN, minor = Number.NaN] = version?.split('.').map(Number) ?? []
  if (!version || Number.isNaN(major + minor))
    return text`The version of Redis could not be checked, because it does not allow INFO, which the queue needs: it must be ${oldest()} or newer.`
  if (major > least.major || (major === least.major && minor >= least.minor)) return undefined
  return text`Redis is ${version}, and ${oldest()} or newer is needed: upgrade it.`
}

function oldest(): string {
  return `${least.major}.${least.minor}`
}

function policyProblem(policy: string | undefined): Text | undefined {
  if (policy === 'noeviction') return undefined
  if (policy)
    return text`Redis forgets keys when its memory is full (maxmemory-policy ${policy}), and with them incidents and jobs. Set it: redis-cli CONFIG SET maxmemory-policy noeviction && redis-cli CONFIG REWRITE`
  return text`Whether Redis forgets keys when its memory is full could not be checked, because it allows neither INFO nor CONFIG GET: its maxmemory-policy must be noeviction.`
}

function persistenceProblem(appendOnly: string | undefined, save: string | undefined): Text | undefined {
  if (appendOnly === '1' || save) return undefined
  if (appendOnly === undefined || save === undefined)
    return text`Whether Redis keeps its data on disk could not be checked, because it does not allow INFO and CONFIG GET: appendonly must be yes, or save must have a schedule.`
  return text`Redis keeps nothing on disk, and a restart of it loses every incident and job. Set it: redis-cli CONFIG SET appendonly yes && redis-cli CONFIG REWRITE`
}

/** undefined: the server does not tell. Managed ones often allow no CONFIG. */
async function setting(redis: Asked, name: string): Promise<string | undefined> {
  const answer = await redis.config('GET', name).catch(refused)
  return z.tuple([z.string(), z.string()]).safeParse(answer).data?.[1]
}

/** A refusal is an answer; anything else is not. */
function refused(error: unknown): undefined {
  if (error instanceof Error && /^(?:NOPERM|ERR unknown command|ERR unknown subcommand)/i.test(error.message))
    return undefined
  throw error
}

function splitOnce(line: string): readonly [name: string, value: string] {
  const at = line.indexOf(':')
  return [line.slice(0, at), line.slice(at + 1)]
}
