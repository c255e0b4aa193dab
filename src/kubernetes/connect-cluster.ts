import type { Cluster } from './cluster.ts'
import { clusterOver } from './cluster-over.ts'
import { httpTransport } from './http-transport.ts'
import { type KubeconfigOptions, loadKubeconfig } from './load-kubeconfig.ts'

interface ConnectOptions extends KubeconfigOptions {
  /** What people call it. Default: the context's name. */
  readonly name?: string | undefined
}

/** A cluster by its kubeconfig. Nothing is asked before the first question. Throws KubeconfigError. */
export function connectCluster({ name, ...options }: ConnectOptions): Cluster {
  const config = loadKubeconfig(options)
  return clusterOver(httpTransport(config), { name: name ?? config.context, namespace: config.namespace })
}
