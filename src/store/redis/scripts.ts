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

/**
 * Each is one atomic step, and touches only the keys that it is given: a cluster moves keys between its servers, and refuses
 * a script whose keys it does not know. A list has two keys, as above.
 */
export const redisScripts = {
  // KEYS: records. Returns value and revision of each, false for none.
  read: script(`
local found = {}
for index, key in ipairs(KEYS) do found[index] = fetch(key) end
return found`),

  // KEYS: record, the two of the list it enters, the two of the list it is in. ARGV: id, value, revision read, retention,
  // the name of the list that it enters and of the one it is in, or ''. Returns '1' when written, '0' where another was
  // first, and '=' with the name of the list where the record is in another one than ARGV says.
  write: script(`
local id, value, revision, keep, list = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local record = redis.call('HMGET', KEYS[1], 'revision', 'list')
if (tonumber(record[1]) or 0) ~= revision then return '0' end
local before = record[2] or ''
if before ~= ARGV[6] then return '=' .. before end
if before ~= '' and before ~= list then leave(KEYS[4], KEYS[5], id) end
redis.call('HSET', KEYS[1], 'value', value, 'revision', whole(revision + 1), 'list', list)
redis.call('PEXPIRE', KEYS[1], whole(keep))
if list ~= '' then enter(KEYS[2], KEYS[3], id, keep) end
return '1'`),

  // KEYS: record, the two of the list it is in. ARGV: id, the name of that list or ''. Returns as `write`.
  remove: script(`
local list = redis.call('HGET', KEYS[1], 'list') or ''
if list ~= ARGV[2] then return '=' .. list end
if list ~= '' then leave(KEYS[2], KEYS[3], ARGV[1]) end
redis.call('DEL', KEYS[1])
return '1'`),

  // KEYS: the two sets. ARGV: limit, the place after which it begins or ''. Returns id and place of each.
  page: script(`
sweep(KEYS[1], KEYS[2])
local from = ARGV[2] == '' and '-inf' or '(' .. ARGV[2]
local found = redis.call('ZRANGEBYSCORE', KEYS[1], from, '+inf', 'WITHSCORES', 'LIMIT', 0, tonumber(ARGV[1]))
for index = 2, #found, 2 do found[index] = whole(tonumber(found[index])) end
return found`),

  // KEYS: the two sets, and records of the list. ARGV: the ids of the records. Returns value and revision of each, false
  // for one that has left the list since. One without a record leaves the list now.
  readPage: script(`
local found = {}
for index, id in ipairs(ARGV) do
  local record = redis.call('ZSCORE', KEYS[1], id) and fetch(KEYS[index + 2]) or { false, false }
  if not record[1] then leave(KEYS[1], KEYS[2], id) end
  found[index] = record
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
