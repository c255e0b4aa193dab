import type { Configuration } from '../config/configuration.ts'
import type { RegistryFiles } from '../config/read-registry-files.ts'
import type { WatchedCluster, WatchedClusters } from '../incidents/watched-cluster.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import { connectCluster } from '../kubernetes/connect-cluster.ts'
import { byExec } from '../playbooks/image-pull/detours/by-exec.ts'
import { byServiceProxy } from '../playbooks/image-pull/detours/by-service-proxy.ts'
import { createRegistry } from '../registry/create-registry.ts'
import type { Resolve } from '../registry/guarded-http.ts'
import { servicePolicy } from '../registry/service-policy.ts'
import { runsInCluster } from './runs-in-cluster.ts'
import { settingsOf } from './settings-of.ts'

interface Options {
  readonly configuration: Configuration
  /** Read each time: a mounted login is replaced under its name. */
  readonly registryFiles: () => readonly RegistryFiles[]
  readonly kubeconfig: string | undefined
  /** Default: the system's. */
  readonly resolve?: Resolve
}

/** The clusters that the configuration names; without any, the kubeconfig's current one. Throws KubeconfigError. */
export function watchedClusters(options: Options): WatchedClusters {
  const { clusters } = options.configuration
  const wanted =
    clusters.length > 0 ? clusters : [{ name: undefined, context: undefined, namespaces: [], secrets: 'none' as const }]
  const watched = wanted.map(({ name, context, namespaces, secrets }) => {
    const cluster = connectCluster({ kubeconfig: options.kubeconfig, context, name })
    return watch(cluster, namespaces, secrets === 'read', options)
  })
  return new Map(watched.map((it) => [it.name, it]))
}

function watch(cluster: Cluster, namespaces: readonly string[], secrets: boolean, options: Options): WatchedCluster {
  const { configuration, registryFiles, resolve } = options
  const { registries } = configuration
  return {
    name: cluster.name,
    cluster,
    namespaces,
    world() {
      const files = registryFiles()
      const policy = servicePolicy({
        registries,
        runsInCluster: (host, address) => runsInCluster(cluster, host, address),
        ca: (host) => files.find((it) => it.host === host)?.ca,
      })
      const registry = createRegistry({
        policy,
        ...(resolve && { resolve }),
        detours: { proxy: byServiceProxy(cluster), exec: byExec(cluster) },
        accessTo: (host) => registries.find((it) => it.host === host)?.access ?? 'auto',
      })
      return { cluster, registry, permissions: { secrets, registry: true }, settings: settingsOf(configuration, files) }
    },
  }
}
