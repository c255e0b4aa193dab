import type { Cluster } from './cluster.ts'
import { clusterOver } from './cluster-over.ts'
import { httpTransport } from './http-transport.ts'
import { type KubeconfigOptions, loadKubeconfig } from './load-kubeconfig.ts'

/** A cluster by its kubeconfig. Nothing is asked before the first question. Throws KubeconfigError. */
export function connectCluster(options: KubeconfigOptions): Cluster {
  const config = loadKubeconfig(options)
  return clusterOver(httpTransport(config), { name: config.context, namespace: config.namespace })
}
