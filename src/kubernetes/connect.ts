import type { Cluster } from './cluster.ts'
import { createClusterClient } from './cluster-client.ts'
import { type KubeconfigOptions, loadKubeconfig } from './kubeconfig.ts'
import { httpTransport } from './transport/http.ts'
import type { ClusterWrites } from './writes.ts'
import { createWritesClient } from './writes-client.ts'

interface ConnectOptions extends KubeconfigOptions {
  /** What people call it. Default: the context's name. */
  readonly name?: string | undefined
  /** The DNS domain of its Services. Default: that of the pod this runs in, for its own cluster; else `cluster.local`. */
  readonly domain?: string | undefined
}

/** A cluster by its kubeconfig. Nothing is asked before the first question. Throws KubeconfigError. */
export function connectCluster({ name, domain, ...options }: ConnectOptions): Cluster {
  const config = loadKubeconfig(options)
  return createClusterClient(httpTransport(config), {
    name: name ?? config.context,
    namespace: config.namespace,
    domain: domain ?? config.domain,
  })
}

/** What changes a cluster, by its kubeconfig. Nothing is asked before the first question. Throws KubeconfigError. */
export function connectWrites(options: KubeconfigOptions): ClusterWrites {
  return createWritesClient(httpTransport(loadKubeconfig(options)))
}
