import type { ApiServerOptions } from '../../src/demo/cluster/api/api-context.ts'
import { apiServerInMemory } from '../../src/demo/cluster/api/api-server-in-memory.ts'
import type { ObjectStore } from '../../src/demo/cluster/api/object-store.ts'
import { kubeconfigFile } from '../../src/demo/cluster/memory-cluster-kubeconfig.ts'
import { memoryClusterListener } from '../../src/demo/cluster/memory-cluster-listener.ts'
import { loopbackServer } from '../../src/demo/cluster/memory-cluster-loopback.ts'

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
