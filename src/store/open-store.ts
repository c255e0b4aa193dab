import { openEmbeddedDatabase, type SessionPool } from './embedded-database.ts'
import { embeddedStore } from './embedded-store.ts'
import type { RetentionOptions } from './record-kinds.ts'
import { redisStore } from './redis-store.ts'
import type { Store } from './store.ts'

export interface OpenStoreOptions extends RetentionOptions {
  /** Absent: embedded, for one process. */
  readonly redisUrl?: string
  /** Of the embedded one. */
  readonly dataDirectory: string
  /** Each failure of the connection; it comes back by itself. */
  readonly onError: (error: unknown) => void
}

export interface OpenedStore {
  readonly store: Store
  /** Where the queue is to be. */
  readonly backend: { readonly redisUrl: string } | { readonly pool: SessionPool }
  /** The queue must have stopped. */
  close(): Promise<void>
}

/** Redis does not have to be there yet. Throws StoreError where the embedded database cannot be opened. */
export async function openStore({ redisUrl, dataDirectory, keep, onError }: OpenStoreOptions): Promise<OpenedStore> {
  if (redisUrl) {
    const store = redisStore({ url: redisUrl, keep, onError })
    return { store, backend: { redisUrl }, close: store.close }
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
  return { store, backend: { pool: database.pool }, close }
}
