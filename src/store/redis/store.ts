import { createHash } from 'node:crypto'
import { z } from 'zod'
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
  storedOf,
  toJsonText,
  type WriteOptions,
} from '../store.ts'
import { checkRedis, connectRedis } from './connection.ts'

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

interface RedisScript {
  readonly lua: string
  readonly sha: string
}

function script(lua: string): RedisScript {
  const whole = `${shared}\n${lua}`
  return { lua: whole, sha: createHash('sha1').update(whole).digest('hex') }
}

// A list is two sorted sets: who is in it by when they entered, and by when they expire. What expired is swept whenever
// the list is touched, so that neither set outgrows its records. Times are the server's. `%.0f`, because Lua writes a
// number with 14 digits only, and microseconds have 16. A key of another type, which we did not write, is text that is no JSON.
const shared = `
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)
local function whole(number) return string.format('%.0f', number) end
local function fetch(key)
  local record = redis.pcall('HMGET', key, 'value', 'revision')
  if record.err then return { '', '0' } end
  return { record[1], record[2] or '0' }
end
local function slotAfter(key)
  local slot, written = string.match(redis.call('GET', key) or '', '^(%d+) ?(%d*)$')
  local back = math.max(0, (tonumber(written) or now) - now)
  return math.max(now, (tonumber(slot) or 0) - back)
end
local function reserve(key, slot)
  redis.call('SET', key, whole(slot) .. ' ' .. whole(now), 'PX', whole(math.max(1, slot - now)))
end
local function leave(entered, expires, id)
  redis.call('ZREM', entered, id)
  redis.call('ZREM', expires, id)
end
local function sweep(entered, expires)
  repeat
    local gone = redis.call('ZRANGEBYSCORE', expires, '-inf', whole(now), 'LIMIT', 0, 1000)
    for _, id in ipairs(gone) do leave(entered, expires, id) end
  until #gone < 1000
end
local function enter(entered, expires, id, keep)
  sweep(entered, expires)
  if not redis.call('ZSCORE', entered, id) then
    local last = redis.call('ZREVRANGE', entered, 0, 0, 'WITHSCORES')[2]
    redis.call('ZADD', entered, whole(math.max(micros, (tonumber(last) or 0) + 1)), id)
  end
  redis.call('ZADD', expires, whole(now + keep), id)
  redis.call('PEXPIRE', entered, whole(keep))
  redis.call('PEXPIRE', expires, whole(keep))
end`

/** Each is one atomic step. A list's two keys are its name after the two prefixes. */
const redisScripts = {
  // KEYS: records. Returns value and revision of each, false for none.
  read: script(`
local found = {}
for index, key in ipairs(KEYS) do found[index] = fetch(key) end
return found`),

  // KEYS: record. ARGV: id, value, revision read, retention, list or '', the two prefixes. Returns 1 when written.
  write: script(`
local id, value, revision, keep, list = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local record = redis.call('HMGET', KEYS[1], 'revision', 'list')
if (tonumber(record[1]) or 0) ~= revision then return 0 end
local before = record[2] or ''
if before ~= '' and before ~= list then leave(ARGV[6] .. before, ARGV[7] .. before, id) end
redis.call('HSET', KEYS[1], 'value', value, 'revision', whole(revision + 1), 'list', list)
redis.call('PEXPIRE', KEYS[1], whole(keep))
if list ~= '' then enter(ARGV[6] .. list, ARGV[7] .. list, id, keep) end
return 1`),

  // KEYS: record. ARGV: id, the two prefixes.
  remove: script(`
local list = redis.call('HGET', KEYS[1], 'list') or ''
if list ~= '' then leave(ARGV[2] .. list, ARGV[3] .. list, ARGV[1]) end
redis.call('DEL', KEYS[1])
return 1`),

  // KEYS: the two sets. ARGV: limit, the records' prefix, the place after which it begins or ''. Returns id, value, revision
  // and place of each.
  list: script(`
local limit, found, from = tonumber(ARGV[1]), {}, ARGV[3] == '' and '-inf' or '(' .. ARGV[3]
sweep(KEYS[1], KEYS[2])
while #found < limit do
  local ids = redis.call('ZRANGEBYSCORE', KEYS[1], from, '+inf', 'WITHSCORES', 'LIMIT', 0, limit - #found)
  if #ids == 0 then break end
  for index = 1, #ids, 2 do
    local id, place = ids[index], whole(tonumber(ids[index + 1]))
    local record = fetch(ARGV[2] .. id)
    if record[1] then found[#found + 1] = { id, record[1], record[2], place } else leave(KEYS[1], KEYS[2], id) end
    from = '(' .. place
  end
end
return found`),

  // KEYS: the two sets.
  count: script(`
sweep(KEYS[1], KEYS[2])
return redis.call('ZCARD', KEYS[1])`),

  // KEYS: lease, its last token. ARGV: milliseconds, how long the last token is kept. Returns the token, or 0. It is at
  // least the time, so that it grows even where the last one was forgotten.
  lease: script(`
if redis.call('EXISTS', KEYS[1]) == 1 then return '0' end
local token = whole(math.max(micros, (tonumber(redis.call('GET', KEYS[2])) or 0) + 1))
redis.call('SET', KEYS[1], token, 'PX', ARGV[1])
redis.call('SET', KEYS[2], token, 'PX', whole(tonumber(ARGV[1]) + tonumber(ARGV[2])))
return token`),

  // KEYS: lease. ARGV: token, milliseconds.
  renew: script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`),

  // KEYS: lease. ARGV: token.
  release: script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`),

  // KEYS: when the next slot is. ARGV: interval. Returns milliseconds until the slot.
  pace: script(`
local slot = slotAfter(KEYS[1])
reserve(KEYS[1], slot + tonumber(ARGV[1]))
return slot - now`),

  // KEYS: when the next slot is. ARGV: milliseconds.
  hold: script(`
reserve(KEYS[1], math.max(now + tonumber(ARGV[1]), slotAfter(KEYS[1])))
return 1`),
} as const satisfies Readonly<Record<string, RedisScript>>
