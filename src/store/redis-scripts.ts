import { createHash } from 'node:crypto'

export interface RedisScript {
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
export const redisScripts = {
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
local slot = math.max(now, tonumber(redis.call('GET', KEYS[1])) or 0)
redis.call('SET', KEYS[1], whole(slot + tonumber(ARGV[1])), 'PX', whole(slot + tonumber(ARGV[1]) - now))
return slot - now`),

  // KEYS: when the next slot is. ARGV: milliseconds.
  hold: script(`
local next = math.max(now + tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1])) or 0)
redis.call('SET', KEYS[1], whole(next), 'PX', whole(next - now))
return 1`),
} as const satisfies Readonly<Record<string, RedisScript>>
