import { Redis } from 'ioredis'
import { openEmbeddedDatabase } from '../../src/store/embedded/database.ts'
import { embeddedStore } from '../../src/store/embedded/store.ts'
import { openStore } from '../../src/store/open.ts'
import type { RecordKind, Store } from '../../src/store/store.ts'
import { preparedDirectory } from './prepared-directory.ts'
import { redisAt } from './redis-at.ts'
import { withLeastRights } from './redis-rights.ts'
import { redisServer, whyNoRedis } from './redis-server.ts'

interface HeldStore {
  readonly store: Store
  /** Puts this text in the place of a record's JSON, as somebody might who has the database. */
  spoil(kind: RecordKind, id: string, text: string): Promise<void>
  /** Lets so many milliseconds pass for all that it holds. */
  later(ms: number): Promise<void>
  close(): Promise<void>
}

const onError = (error: unknown): void => console.error(error)

// The server's clock cannot be set. So whatever ends at a time ends that much sooner: keys, members of lists, slots.
const letPass = `
local ms = tonumber(ARGV[1])
for _, key in ipairs(redis.call('KEYS', 'imagepull:*')) do
  if string.find(key, '^imagepull:expiry:') then
    for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do redis.call('ZINCRBY', key, -ms, id) end
  end
  if string.find(key, '^imagepull:pace:') then
    local slot, written = string.match(redis.call('GET', key), '^(%d+) (%d+)$')
    redis.call('SET', key, string.format('%.0f %.0f', slot - ms, written - ms), 'KEEPTTL')
  end
  redis.call('PEXPIRE', key, redis.call('PTTL', key) - ms)
end`

async function inRedis(keep: number): Promise<HeldStore> {
  const server = await redisServer()
  const opened = await openStore({
    redis: redisAt(await withLeastRights(server.url)),
    dataDirectory: '',
    keep,
    onError,
  })
  return {
    store: opened.store,
    async spoil(kind, id, text) {
      const redis = new Redis(server.url)
      await redis.hset(`imagepull:record:${kind}:${id}`, 'value', text)
      redis.disconnect()
    },
    async later(ms) {
      const redis = new Redis(server.url)
      await redis.eval(letPass, 0, ms)
      redis.disconnect()
    },
    async close() {
      await opened.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function embedded(keep: number): Promise<HeldStore> {
  const folder = await preparedDirectory()
  const { pool, close } = await openEmbeddedDatabase(folder.path)
  let passed = 0
  const store = await embeddedStore({ pool, keep, now: () => Date.now() + passed })
  return {
    store,
    async spoil(kind, id, text) {
      await pool.query('update imagepull.record set value = $3 where kind = $1 and id = $2', [kind, id, text])
    },
    async later(ms) {
      passed += ms
    },
    async close() {
      await store.close()
      await close()
      folder[Symbol.dispose]()
    },
  }
}

type Place = readonly [name: string, open: (keep: number) => Promise<HeldStore>, whyNot: string | undefined]

/** Every kind of store, each with a server or a directory of its own. @param keep Milliseconds that an incident is kept. */
export const storePlaces: readonly Place[] = [
  ['Redis', inRedis, whyNoRedis],
  ['embedded', embedded, undefined],
]
