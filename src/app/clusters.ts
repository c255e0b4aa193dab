import type { Configuration } from '../config/configuration.ts'
import { readEnvironment } from '../config/environment.ts'
import { readConfiguration } from '../config/read-configuration.ts'
import { type RegistryFiles, readRegistryFiles } from '../config/registry-files.ts'
import type { WatchedCluster, WatchedClusters } from '../incidents/watched-cluster.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import { connectCluster, connectWrites } from '../kubernetes/connect.ts'
import type { ClusterWrites } from '../kubernetes/writes.ts'
import type { World } from '../playbooks/image-pull/diagnose.ts'
import type { Access } from '../registry/access/route.ts'
import type { Resolve } from '../registry/http/guarded-http.ts'
import { createRegistries, type Registries } from './registries.ts'

interface Options {
  readonly configuration: Configuration
  /** Reads the files again in each call, because a mounted login may be replaced. */
  readonly registryFiles: () => readonly RegistryFiles[]
  readonly kubeconfig: string | undefined
  /** Default: the system's resolver. */
  readonly resolve?: Resolve
}

/**
 * Connects to the configured clusters. Without any, it connects to the kubeconfig's current one. Throws
 * KubeconfigError.
 */
export function watchedClusters(options: Options): WatchedClusters {
  const { clusters } = options.configuration
  const wanted =
    clusters.length > 0
      ? clusters
      : [{ name: undefined, context: undefined, domain: undefined, namespaces: [], secrets: 'none' as const }]
  const registries = createRegistries(options)
  const watched = wanted.map(({ name, context, domain, namespaces, secrets }) => {
    const cluster = connectCluster({ kubeconfig: options.kubeconfig, context, name, domain })
    return watch(cluster, { namespaces, secrets: secrets === 'read' }, options.configuration, registries)
  })
  return new Map(watched.map((it) => [it.name, it]))
}

function watch(
  cluster: Cluster,
  { namespaces, secrets }: { readonly namespaces: readonly string[]; readonly secrets: boolean },
  { gitops }: Pick<Configuration, 'gitops'>,
  registries: Registries,
): WatchedCluster {
  return {
    name: cluster.name,
    cluster,
    namespaces,
    gitDirectory: gitops.directory,
    readsSecrets: secrets,
    openDiagnosis: (answers = 'new') => ({
      cluster,
      permissions: { secrets, registry: true },
      ...registries.openForService(cluster, answers),
    }),
  }
}

/**
 * Returns the connections that change the watched clusters, by name. They connect only when something is executed.
 * Throws KubeconfigError.
 */
export function writableClusters(
  clusters: WatchedClusters,
  { clusters: configured }: Pick<Configuration, 'clusters'>,
  kubeconfig: string | undefined,
): ReadonlyMap<string, ClusterWrites> {
  const contexts = new Map(configured.map(({ name, context }) => [name, context]))
  return new Map([...clusters.keys()].map((name) => [name, connectWrites({ kubeconfig, context: contexts.get(name) })]))
}

interface WorldOptions {
  readonly kubeconfig?: string
  readonly registryAccess?: Access
  readonly secrets: boolean
}

type Configured = Pick<World, 'cluster' | 'registry' | 'permissions' | 'settings'>

/**
 * Returns what a person at a terminal may use, with the configured settings. Throws ConfigurationError,
 * KubeconfigError.
 */
export function personWorld(context: string | undefined, options: WorldOptions): Configured {
  const environment = readEnvironment()
  const file = environment.IMAGEPULL_CONFIG
  const configuration = readConfiguration(file)
  const registryFiles = () => readRegistryFiles(file ?? '', configuration.registries)
  const kubeconfig = options.kubeconfig ?? environment.KUBECONFIG
  const domain = configuration.clusters.find((it) => it.context === context)?.domain
  const cluster = connectCluster({ kubeconfig, context, domain })
  return {
    cluster,
    permissions: { secrets: options.secrets, registry: options.registryAccess !== 'none' },
    ...createRegistries({ configuration, registryFiles }).openForPerson(cluster, options.registryAccess),
  }
}

/** Returns the registries with the configured settings, for a person without a cluster. Throws ConfigurationError. */
export function offlineWorld(): Omit<Configured, 'cluster'> {
  const file = readEnvironment().IMAGEPULL_CONFIG
  const configuration = readConfiguration(file)
  const registryFiles = () => readRegistryFiles(file ?? '', configuration.registries)
  return {
    permissions: { secrets: true, registry: true },
    ...createRegistries({ configuration, registryFiles }).openForPerson(undefined, undefined),
  }
}
