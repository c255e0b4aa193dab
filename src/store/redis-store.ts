import { z } from 'zod'
import { checkMilliseconds } from './check-milliseconds.ts'
import { checkName } from './check-name.ts'
import { checkRedis } from './check-redis.ts'
import { connectRedis } from './connect-redis.ts'
import { toJsonText } from './json-text.ts'
import { type RecordKind, type RetentionOptions, retention } from './record-kinds.ts'
import { type RedisScript, redisScripts } from './redis-scripts.ts'
import type { Lease, Store, Stored, StoredInList, WriteOptions } from './store.ts'
import { storedOf } from './stored-of.ts'

/** Milliseconds that the last token of a lease is kept after it: a little help where the server's clock is set back. */
const tokenKept = 24 * 60 * 60 * 1_000

/** Milliseconds. */
const pingKept = 60_000

export interface RedisStoreOptions extends RetentionOptions {
  /** With its password. */
  readonly url: string
  /** Each failure of the connection; it comes back by itself. */
  readonly onError: (error: unknown) => void
}

const number = z.int()
const maybeRow = z.tuple([z.string().nullable(), z.string().nullable()])
const rowInList = z.tuple([z.string(), z.string(), z.string(), z.string()])

/** Keys begin with `imagepull:` and each has a time to live. No Redis Cluster: one step touches several keys. */
export function redisStore({ url, keep, onError }: RedisStoreOptions): Store {
  const kept = retention({ keep })
  const connection = connectRedis(url, onError)

  function run<Schema extends z.ZodType>(
    asked: string,
    script: RedisScript,
    schema: Schema,
    keys: readonly string[],
    ...parameters: readonly (string | number)[]
  ): Promise<z.infer<Schema>> {
    const all = [keys.length, ...keys, ...parameters] as const
    return connection.run(asked, async (redis) => {
      const answer = await redis
        .evalsha(script.sha, ...all)
        .catch((error) => (isUnknownScript(error) ? redis.eval(script.lua, ...all) : Promise.reject(error)))
      return schema.parse(answer)
    })
  }

  async function readMany(kind: RecordKind, ids: readonly string[]): Promise<readonly Stored[]> {
    if (ids.length === 0) return []
    const keys = ids.map((id) => recordKey(kind, id))
    const rows = await run(`read ${kind}`, redisScripts.read, z.array(maybeRow), keys)
    return rows.flatMap(([value, revision], index) =>
      value === null ? [] : [storedOf(ids[index] ?? '', value, Number(revision))],
    )
  }

  async function write(kind: RecordKind, id: string, value: unknown, of: WriteOptions): Promise<boolean> {
    const list = of.list === undefined ? '' : checkName(of.list)
    const parameters = [id, toJsonText(value), of.revision, kept[kind], list, ...listPrefixes(kind)]
    return (await run(`write ${kind}`, redisScripts.write, number, [recordKey(kind, id)], ...parameters)) === 1
  }

  async function list(kind: RecordKind, name: string, limit: number, after = ''): Promise<readonly StoredInList[]> {
    const keys = listKeys(kind, name)
    const rows = await run(
      `list ${kind}`,
      redisScripts.list,
      z.array(rowInList),
      keys,
      limit,
      `imagepull:record:${kind}:`,
      after,
    )
    return rows.map(([id, value, revision, place]) => ({ ...storedOf(id, value, Number(revision)), place }))
  }

  async function claim(name: string, ms: number): Promise<boolean> {
    const key = `imagepull:claim:${checkName(name)}`
    const end = checkMilliseconds(ms)
    return (await connection.run('claim', (redis) => redis.set(key, '1', 'PX', end, 'NX'))) === 'OK'
  }

  async function lease(name: string, ms: number): Promise<Lease | undefined> {
    const key = `imagepull:lease:${checkName(name)}`
    const keys = [key, `imagepull:token:${name}`]
    const token = await run('lease', redisScripts.lease, z.string(), keys, checkMilliseconds(ms), tokenKept)
    if (token === '0') return undefined
    return {
      token: Number(token),
      renew: async () => (await run('renew a lease', redisScripts.renew, number, [key], token, ms)) === 1,
      release: async () => void (await run('release a lease', redisScripts.release, number, [key], token)),
    }
  }

  return {
    read: async (kind, id) => (await readMany(kind, [id]))[0],
    readMany,
    write,
    remove: async (kind, id) =>
      void (await run(`remove ${kind}`, redisScripts.remove, number, [recordKey(kind, id)], id, ...listPrefixes(kind))),
    list,
    count: async (kind, name) => run(`count ${kind}`, redisScripts.count, number, listKeys(kind, name)),
    claim,
    lease,
    pace: async (key, interval) => run('pace', redisScripts.pace, number, [paceKey(key)], checkMilliseconds(interval)),
    holdPace: async (key, ms) =>
      void (await run('hold', redisScripts.hold, number, [paceKey(key)], checkMilliseconds(ms))),
    problems: () => connection.run('check the server', checkRedis),
    ping: async () => void (await connection.run('ping', (redis) => redis.set('imagepull:ping', '1', 'PX', pingKept))),
    close: connection.close,
  }
}

function recordKey(kind: RecordKind, id: string): string {
  return `imagepull:record:${kind}:${checkName(id)}`
}

function paceKey(key: string): string {
  return `imagepull:pace:${checkName(key)}`
}

function listPrefixes(kind: RecordKind): readonly string[] {
  return [`imagepull:list:${kind}:`, `imagepull:expiry:${kind}:`]
}

function listKeys(kind: RecordKind, name: string): readonly string[] {
  return listPrefixes(kind).map((prefix) => `${prefix}${checkName(name)}`)
}

/** It was never sent to this server, or the server was restarted since. */
function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
