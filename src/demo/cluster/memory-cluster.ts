import type { Cluster } from '../../kubernetes/cluster.ts'
import { clusterOver } from '../../kubernetes/cluster-over.ts'
import type { Transport } from '../../kubernetes/transport.ts'
import type { ApiServerOptions } from './api/api-context.ts'
import { apiServerInMemory } from './api/api-server-in-memory.ts'
import { memoryClusterTransport } from './memory-cluster-transport.ts'

export interface MemoryCluster extends Cluster {
  /** What was asked, in order: "list pods in shop". */
  readonly asked: readonly string[]
}

/**
 * A cluster made from manifests: YAML with several documents, or objects. It is the real client over an API server in
 * memory, so that only what a real server can do works. It refuses (`forbid`), hangs (`hang`) and has logs.
 */
export function memoryCluster(
  manifests: string | readonly unknown[],
  options: ApiServerOptions & { readonly name?: string; readonly namespace?: string } = {},
): MemoryCluster {
  const memory = memoryClusterTransport(apiServerInMemory(manifests, options).handle)
  const asked: string[] = []
  const transport: Transport = {
    address: memory.address,
    send(question, signal) {
      asked.push(question.asked)
      return memory.send(question, signal)
    },
    frames: memory.frames,
  }
  const cluster = clusterOver(transport, { name: options.name ?? 'test', namespace: options.namespace ?? 'default' })
  return {
    ...cluster,
    asked,
    get requests() {
      return asked.length
    },
  }
}
