import type { RedisSettings } from '../redis/settings.ts'
import { openEmbeddedDatabase, type SessionPool } from './embedded/database.ts'
import { embeddedStore } from './embedded/store.ts'
import { redisStore } from './redis/store.ts'
import type { RetentionOptions, Store, UnreadableRecord } from './store.ts'

export interface OpenStoreOptions extends RetentionOptions {
  /** Absent: embedded, for one process. */
  readonly redis?: RedisSettings
  /** Of the embedded one. */
  readonly dataDirectory: string
  /** Each failure of the connection; it comes back by itself. */
  readonly onError: (error: unknown) => void
  /** As Store.unreadable. */
  readonly onUnreadable?: (record: UnreadableRecord) => void
}

export interface OpenedStore {
  readonly store: Store
  /** Where the queue is to be. */
  readonly backend: { readonly redis: RedisSettings } | { readonly pool: SessionPool }
  /** The queue must have stopped. */
  close(): Promise<void>
}

/** Redis does not have to be there yet. Throws StoreError where the embedded database cannot be opened. */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { redis, dataDirectory, keep, onError, onUnreadable } = options
  const hears = onUnreadable && { unreadable: onUnreadable }
  if (redis) {
    const store = redisStore({ redis, keep, onError })
    return { store: { ...store, ...hears }, backend: { redis }, close: store.close }
  }
  const database = await openEmbeddedDatabase(dataDirectory)
  const store = await embeddedStore({ pool: database.pool, keep }).catch(async (error) => {
    await database.close()
    throw error
  })
  async function close(): Promise<void> {
    await store.close()
    await database.close()
  }
  return { store: { ...store, ...hears }, backend: { pool: database.pool }, close }
}
