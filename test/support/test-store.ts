import { openEmbeddedDatabase } from '../../src/store/embedded-database.ts'
import { embeddedStore } from '../../src/store/embedded-store.ts'
import type { Store } from '../../src/store/store.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A real store in a folder of its own, gone with its `await using`. */
export async function testStore(): Promise<{ readonly store: Store } & AsyncDisposable> {
  const folder = temporaryFolder()
  const database = await openEmbeddedDatabase(folder.path)
  const store = await embeddedStore({ pool: database.pool, keep: 60 * 60_000 })
  return {
    store,
    async [Symbol.asyncDispose]() {
      await database.close()
      folder[Symbol.dispose]()
    },
  }
}
