import { onTestFinished } from 'vitest'
import { type Listening, listen } from '../../src/simulator/listen.ts'
import type { HandleRegistry } from '../../src/simulator/registry/request.ts'
import { registryListener } from '../../src/simulator/registry/server.ts'
import { addImage, registryStorage } from '../../src/simulator/registry/storage.ts'
import { authority, type SmallCluster } from './small-cluster.ts'

/** Puts something else at `other.test:5443`. */
export async function putOther(cluster: SmallCluster, server: Listening): Promise<void> {
  onTestFinished(() => server.close())
  cluster.network.name('other.test', '198.51.100.8')
  cluster.network.attach('198.51.100.8', 5443, server.port)
}

export async function withTls(handle: HandleRegistry, host = 'other.test', by = authority): Promise<Listening> {
  return listen(registryListener(handle), await by.certify([host]))
}

export function storedApp() {
  const storage = registryStorage()
  addImage(storage, { repository: 'app', tags: ['1'] })
  return storage
}

export const accounts = new Map([['puller', 'right']])
