import type { RedisSettings } from '../redis/settings.ts'
import { openEmbeddedDatabase, type SessionPool } from './embedded/database.ts'
import { embeddedStore } from './embedded/store.ts'
import { redisStore } from './redis/store.ts'
import type { RetentionOptions, Store, UnreadableRecord } from './store.ts'

export interface OpenStoreOptions extends RetentionOptions {
  /** Absent: the embedded store, for one process. */
  readonly redis?: RedisSettings
  /** The directory of the embedded store. */
  readonly dataDirectory: string
  /** Called for each failure of the connection, which recovers by itself. */
  readonly onError: (error: unknown) => void
  /** As `Store.unreadable`. */
  readonly onUnreadable?: (record: UnreadableRecord) => void
}

export interface OpenedStore {
  readonly store: Store
  /** Where the queue stores its jobs. */
  readonly backend: { readonly redis: RedisSettings } | { readonly pool: SessionPool }
  /** Closes the store. The queue must have stopped before. */
  close(): Promise<void>
}

/** Opens the store. Redis need not be reachable yet. Throws StoreError if the embedded database cannot be opened. */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { redis, dataDirectory, keep, onError, onUnreadable } = options
  const listener = onUnreadable && { unreadable: onUnreadable }
  if (redis) {
    const store = redisStore({ redis, keep, onError })
    return { store: { ...store, ...listener }, backend: { redis }, close: store.close }
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
  return { store: { ...store, ...listener }, backend: { pool: database.pool }, close }
}
