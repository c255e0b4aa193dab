import { Redis } from 'ioredis'
import type { QueueBackend } from '../../src/queue/backends.ts'
import { openEmbeddedDatabase } from '../../src/store/embedded/database.ts'
import { preparedDirectory } from './prepared-directory.ts'
import { redisAt } from './redis-at.ts'
import { withLeastRights } from './redis-rights.ts'
import { redisServer, whyNoRedis } from './redis-server.ts'

export interface QueuePlace {
  readonly backend: QueueBackend
  /** Removes every job. */
  empty(): Promise<void>
  /** All text that it holds. */
  content(): Promise<string>
  close(): Promise<void>
}

async function inRedis(): Promise<QueuePlace> {
  const server = await redisServer()
  const client = new Redis(server.url)
  return {
    backend: { redis: redisAt(await withLeastRights(server.url)) },
    empty: async () => void (await client.flushall()),
    async content() {
      const keys = await client.keys('*')
      const dumps = await Promise.all(keys.map((key) => client.dumpBuffer(key)))
      return [...keys, ...dumps].join('\n')
    },
    async close() {
      client.disconnect()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function embedded(): Promise<QueuePlace> {
  const folder = await preparedDirectory()
  const { pool, close } = await openEmbeddedDatabase(folder.path)
  const tables = ['job', 'dedup', 'dedup_next', 'scheduler', 'event', 'job_log', 'meta']
  return {
    backend: { pool },
    async empty() {
      for (const table of tables) await pool.query(`delete from bullmq.${table}`)
    },
    content: async () =>
      JSON.stringify(await Promise.all(tables.map((table) => pool.query(`select * from bullmq.${table}`)))),
    async close() {
      await close()
      folder[Symbol.dispose]()
    },
  }
}

type Place = readonly [name: string, open: () => Promise<QueuePlace>, whyNot: string | undefined]

/** Every kind of queue, each with a server or a directory of its own. */
export const queuePlaces: readonly Place[] = [
  ['Redis', inRedis, whyNoRedis],
  ['embedded', embedded, undefined],
]
