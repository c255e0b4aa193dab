import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { redisServer, whyNoRedis } from './redis-server.ts'
import { temporaryFolder } from './temporary-folder.ts'

interface HeldStore {
  readonly store: Store
  close(): Promise<void>
}

const onError = (error: unknown): void => console.error(error)

async function inRedis(keep: number): Promise<HeldStore> {
  const server = await redisServer()
  const opened = await openStore({ redisUrl: server.url, dataDirectory: '', keep, onError })
  return {
    store: opened.store,
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
