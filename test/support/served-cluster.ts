import { apiServerInMemory } from '../../src/simulator/cluster/api/server.ts'
import type { ApiServerOptions, ObjectStore } from '../../src/simulator/cluster/api/store.ts'
import { kubeconfigFile, loopbackServer, memoryClusterListener } from '../../src/simulator/cluster/memory-cluster.ts'

export interface ServedCluster extends AsyncDisposable {
  /** The file's path: other processes may use it, too. */
  readonly kubeconfig: string
  readonly store: ObjectStore
}

/** An API server in memory, over HTTP on loopback; gone with its `await using`. */
export async function servedCluster(
  manifests: string | readonly unknown[],
  options: ApiServerOptions = {},
): Promise<ServedCluster> {
  const { handle, store } = apiServerInMemory(manifests, options)
  const server = await loopbackServer(memoryClusterListener(handle))
  const file = kubeconfigFile(server.address)
  return {
    kubeconfig: file.path,
    store,
    async [Symbol.asyncDispose]() {
      file[Symbol.dispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}
