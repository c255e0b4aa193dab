import type { ClusterWrites } from './cluster-writes.ts'
import { clusterWritesOver } from './cluster-writes-over.ts'
import { httpTransport } from './http-transport.ts'
import { type KubeconfigOptions, loadKubeconfig } from './load-kubeconfig.ts'

/** What changes a cluster, by its kubeconfig. Nothing is asked before the first question. Throws KubeconfigError. */
export function connectWrites(options: KubeconfigOptions): ClusterWrites {
  return clusterWritesOver(httpTransport(loadKubeconfig(options)))
}
