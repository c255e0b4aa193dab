import { Redis } from 'ioredis'
import { openStore } from '../../src/store/open.ts'
import type { RecordKind, Store } from '../../src/store/store.ts'
import { redisAt } from './redis-at.ts'
import { withLeastRights } from './redis-rights.ts'
import { redisServer, whyNoRedis } from './redis-server.ts'
import { temporaryFolder } from './temporary-folder.ts'

interface HeldStore {
  readonly store: Store
  /** Puts this text in the place of a record's JSON, as somebody might who has the database. */
  spoil(kind: RecordKind, id: string, text: string): Promise<void>
  close(): Promise<void>
}

const onError = (error: unknown): void => console.error(error)

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
    async close() {
      await opened.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function embedded(keep: number): Promise<HeldStore> {
  const folder = temporaryFolder()
  const opened = await openStore({ dataDirectory: folder.path, keep, onError })
  return {
    store: opened.store,
    async spoil(kind, id, text) {
      const { backend } = opened
      if (!('pool' in backend)) throw new Error('not embedded')
      await backend.pool.query('update imagepull.record set value = $3 where kind = $1 and id = $2', [kind, id, text])
    },
    async close() {
      await opened.close()
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
