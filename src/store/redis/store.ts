import { z } from 'zod'
import { type RedisSettings, redisKeyPrefix } from '../../redis/settings.ts'
import { plain, type Text } from '../../text.ts'
import {
  checkMilliseconds,
  checkName,
  type Lease,
  type RecordKind,
  type RetentionOptions,
  retention,
  type Store,
  type Stored,
  type StoredInList,
  StoreError,
  toJsonText,
  toStored,
  type WriteOptions,
} from '../store.ts'
import { checkRedis } from './check-redis.ts'
import { connectRedis } from './connection.ts'
import { type RedisScript, redisScripts } from './scripts.ts'

/** Milliseconds that the last token of a lease is kept after it: a little help where the server's clock is set back. */
const tokenKept = 24 * 60 * 60 * 1_000

/** Milliseconds. */
const pingKept = 60_000

/** How often a record may change its list while one step asks in which list it is. */
const mostMoves = 5

export interface RedisStoreOptions extends RetentionOptions {
  readonly redis: RedisSettings
  /** Each failure of the connection; it comes back by itself. */
  readonly onError: (error: unknown) => void
}

const number = z.int()
const maybeRow = z.tuple([z.string().nullable(), z.string().nullable()])
/** `1`: done; `0`: another writer was first; `=` and a name: the record is in that list. */
const outcome = z.string()

/** Keys begin with `imagepull:`, in a cluster with `{imagepull}:`, and each has a time to live. */
export function redisStore({ redis: settings, keep, onError }: RedisStoreOptions): Store {
  const kept = retention({ keep })
  const prefix = redisKeyPrefix(settings)
  const connection = connectRedis(settings, onError)

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

  function recordKey(kind: RecordKind, id: string): string {
    return `${prefix}:record:${kind}:${checkName(id)}`
  }

  function paceKey(key: string): string {
    return `${prefix}:pace:${checkName(key)}`
  }

  function listKeys(kind: RecordKind, name: string): readonly string[] {
    return [`${prefix}:list:${kind}:${checkName(name)}`, `${prefix}:expiry:${kind}:${name}`]
  }

  /** The record's key, then two for each list; '' is none, and has the record's key in its place. */
  function keysOf(kind: RecordKind, id: string, ...lists: readonly string[]): readonly string[] {
    const record = recordKey(kind, id)
    return [record, ...lists.flatMap((name) => (name === '' ? [record, record] : listKeys(kind, name)))]
  }

  async function readMany(kind: RecordKind, ids: readonly string[]): Promise<readonly Stored[]> {
    if (ids.length === 0) return []
    const keys = ids.map((id) => recordKey(kind, id))
    const rows = await run(`read ${kind}`, redisScripts.read, z.array(maybeRow), keys)
    return rows.flatMap(([value, revision], index) =>
      value === null ? [] : [toStored(ids[index] ?? '', value, Number(revision))],
    )
  }

  /** A step on a record must name the list that the record is in. A wrong guess costs a round trip, and nothing is done. */
  async function inItsList(guess: string, step: (list: string) => Promise<string>): Promise<boolean> {
    let list = guess
    for (let attempt = 0; attempt < mostMoves; attempt++) {
      const answer = await step(list)
      if (!answer.startsWith('=')) return answer === '1'
      list = answer.slice(1)
    }
    throw new StoreError('conflict', 'a record changed its list again and again')
  }

  async function write(kind: RecordKind, id: string, value: unknown, of: WriteOptions): Promise<boolean> {
    const next = of.list === undefined ? '' : checkName(of.list)
    const json = toJsonText(value)
    return inItsList(of.revision === 0 ? '' : next, (list) => {
      const keys = keysOf(kind, id, next, list)
      return run(`write ${kind}`, redisScripts.write, outcome, keys, id, json, of.revision, kept[kind], next, list)
    })
  }

  async function remove(kind: RecordKind, id: string): Promise<void> {
    await inItsList('', (list) => run(`remove ${kind}`, redisScripts.remove, outcome, keysOf(kind, id, list), id, list))
  }

  async function list(kind: RecordKind, name: string, limit: number, after = ''): Promise<readonly StoredInList[]> {
    const found: StoredInList[] = []
    let from = after
    while (found.length < limit) {
      const asked = limit - found.length
      const page = pairs(
        await run(`list ${kind}`, redisScripts.page, z.array(z.string()), listKeys(kind, name), asked, from),
      )
      const ids = page.map(([id]) => id)
      const keys = [...listKeys(kind, name), ...ids.map((id) => recordKey(kind, id))]
      const rows =
        ids.length > 0 ? await run(`list ${kind}`, redisScripts.readPage, z.array(maybeRow), keys, ...ids) : []
      for (const [index, [value, revision]] of rows.entries()) {
        const [id = '', place = ''] = page[index] ?? []
        if (value !== null) found.push({ ...toStored(id, value, Number(revision)), place })
      }
      if (page.length < asked) break
      from = page.at(-1)?.[1] ?? ''
    }
    return found
  }

  async function claim(name: string, ms: number): Promise<boolean> {
    const key = `${prefix}:claim:${checkName(name)}`
    const end = checkMilliseconds(ms)
    return (await connection.run('claim', (redis) => redis.set(key, '1', 'PX', end, 'NX'))) === 'OK'
  }

  async function lease(name: string, ms: number): Promise<Lease | undefined> {
    const key = `${prefix}:lease:${checkName(name)}`
    const keys = [key, `${prefix}:token:${name}`]
    const token = await run('lease', redisScripts.lease, z.string(), keys, checkMilliseconds(ms), tokenKept)
    if (token === '0') return undefined
    return {
      token: Number(token),
      renew: async () => (await run('renew a lease', redisScripts.renew, number, [key], token, ms)) === 1,
      release: async () => void (await run('release a lease', redisScripts.release, number, [key], token)),
    }
  }

  async function problems(): Promise<readonly Text[]> {
    const each = await connection.runOnEach('check the server', (redis) => checkRedis(redis, settings))
    return [...new Map(each.flat().map((problem) => [plain(problem), problem])).values()]
  }

  return {
    read: async (kind, id) => (await readMany(kind, [id]))[0],
    readMany,
    write,
    remove,
    list,
    count: async (kind, name) => run(`count ${kind}`, redisScripts.count, number, listKeys(kind, name)),
    claim,
    lease,
    pace: async (key, interval) => run('pace', redisScripts.pace, number, [paceKey(key)], checkMilliseconds(interval)),
    holdPace: async (key, ms) =>
      void (await run('hold', redisScripts.hold, number, [paceKey(key)], checkMilliseconds(ms))),
    problems,
    ping: async () => void (await connection.run('ping', (redis) => redis.set(`${prefix}:ping`, '1', 'PX', pingKept))),
    close: connection.close,
  }
}

function pairs(flat: readonly string[]): readonly (readonly [id: string, place: string])[] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? ''])
}

/** It was never sent to this server, or the server was restarted since. */
function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
