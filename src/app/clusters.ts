import type { Configuration } from '../config/configuration.ts'
import { readEnvironment } from '../config/environment.ts'
import { readConfiguration } from '../config/read-configuration.ts'
import { type RegistryFiles, readRegistryFiles } from '../config/registry-files.ts'
import type { WatchedCluster, WatchedClusters } from '../incidents/watched-cluster.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import { connectCluster, connectWrites } from '../kubernetes/connect.ts'
import type { Resource } from '../kubernetes/resources.ts'
import type { ClusterWrites } from '../kubernetes/writes.ts'
import type { World } from '../playbooks/image-pull/diagnose.ts'
import { createExecRoute } from '../registry/access/exec.ts'
import { canonical, findAddresses, findRegistryService, isOfNode, splitHost } from '../registry/access/find-service.ts'
import type { Access } from '../registry/access/route.ts'
import { createProxyRoute } from '../registry/access/service-proxy.ts'
import { createRegistry } from '../registry/client.ts'
import { personPolicy, servicePolicy } from '../registry/http/contact-policy.ts'
import type { Resolve } from '../registry/http/guarded-http.ts'
import { createManners, type Manners } from '../registry/manners/manners.ts'
import type { Registry } from '../registry/registry.ts'
import { toPlaybookSettings } from './from-config.ts'

interface Options {
  readonly configuration: Configuration
  /** Reads the files again in each call, because a mounted login may be replaced. */
  readonly registryFiles: () => readonly RegistryFiles[]
  readonly kubeconfig: string | undefined
  /** Default: the system's resolver. */
  readonly resolve?: Resolve
  /** What all registry clients of the process share. */
  readonly manners?: Manners
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
  const shared = { ...options, manners: options.manners ?? createManners() }
  const watched = wanted.map(({ name, context, domain, namespaces, secrets }) => {
    const cluster = connectCluster({ kubeconfig: options.kubeconfig, context, name, domain })
    return watch(cluster, namespaces, secrets === 'read', shared)
  })
  return new Map(watched.map((it) => [it.name, it]))
}

function watch(
  cluster: Cluster,
  namespaces: readonly string[],
  secrets: boolean,
  { configuration, registryFiles, resolve, manners }: Options & { readonly manners: Manners },
): WatchedCluster {
  const { registries } = configuration
  return {
    name: cluster.name,
    cluster,
    namespaces,
    gitDirectory: configuration.gitops.directory,
    readsSecrets: secrets,
    openDiagnosis(answers = 'new') {
      const files = registryFiles()
      const policy = servicePolicy({
        registries,
        runsInCluster: (host, address) => runsInCluster(cluster, host, address),
        ca: (host) => findCa(host, registries, files),
      })
      const registry = createRegistry({
        policy,
        ...(resolve && { resolve }),
        routes: { proxy: createProxyRoute(cluster), exec: createExecRoute(cluster) },
        accessTo: (host) => registries.find((it) => it.host === host)?.access ?? 'auto',
        sharing: { manners, cluster: cluster.name, answers },
      })
      return {
        cluster,
        registry,
        permissions: { secrets, registry: true },
        settings: toPlaybookSettings(configuration, files),
      }
    },
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
  const files = readRegistryFiles(file ?? '', configuration.registries)
  const kubeconfig = options.kubeconfig ?? environment.KUBECONFIG
  const domain = configuration.clusters.find((it) => it.context === context)?.domain
  const cluster = connectCluster({ kubeconfig, context, domain })
  return {
    cluster,
    registry: connectRegistry(cluster, configuration.registries, files, options.registryAccess),
    permissions: { secrets: options.secrets, registry: options.registryAccess !== 'none' },
    settings: toPlaybookSettings(configuration, files),
  }
}

/** Returns the registries with the configured settings, for a person without a cluster. Throws ConfigurationError. */
export function offlineWorld(): Omit<Configured, 'cluster'> {
  const file = readEnvironment().IMAGEPULL_CONFIG
  const configuration = readConfiguration(file)
  const files = readRegistryFiles(file ?? '', configuration.registries)
  return {
    registry: connectRegistry(undefined, configuration.registries, files, undefined),
    permissions: { secrets: true, registry: true },
    settings: toPlaybookSettings(configuration, files),
  }
}

type Registries = ReturnType<typeof readConfiguration>['registries']

/** Finds the certificates for a host. Those of a registry are also trusted for its token servers. */
function findCa(host: string, registries: Registries, files: readonly RegistryFiles[]): string | undefined {
  const registry = registries.find((it) => it.host === host || it.tokenHosts.includes(host))
  return files.find((it) => it.host === (registry?.host ?? host))?.ca
}

/** Creates a registry client. The typed access has priority over the configured one. */
function connectRegistry(
  cluster: Cluster | undefined,
  registries: Registries,
  files: ReturnType<typeof readRegistryFiles>,
  typed: Access | undefined,
): Registry {
  const configured = (host: string) => registries.find((it) => it.host === host)
  return createRegistry({
    policy: {
      ...personPolicy(registries),
      ca: (host) => findCa(host, registries, files),
    },
    ...(cluster && { routes: { proxy: createProxyRoute(cluster), exec: createExecRoute(cluster) } }),
    accessTo: (host) => typed ?? configured(host)?.access ?? 'auto',
  })
}

type Service = Resource<'services'>

/**
 * Tells whether a connection to this address and the host's port reaches the Service that the host names: at an address
 * of the Service, at a ready endpoint of it, or at a node's port. The name alone proves nothing, because whoever runs
 * its DNS zone can give it any address. Throws ClusterError.
 */
export async function runsInCluster(cluster: Cluster, host: string, address: string): Promise<boolean> {
  const service = await findRegistryService(cluster, host)
  if (!service) return false
  const { port } = splitHost(host)
  const { ports } = service.spec
  if (findAddresses(service).includes(canonical(address))) return ports.some((it) => it.port === port)
  if (ports.some((it) => it.nodePort === port)) return isOfNode(cluster, address)
  return isEndpoint(cluster, service, address, port)
}

/** A Service without an address of its own returns those of its pods, with their ports. */
async function isEndpoint(cluster: Cluster, { metadata }: Service, address: string, port: number): Promise<boolean> {
  const labels = { 'kubernetes.io/service-name': metadata.name }
  const { items } = await cluster.list('endpointslices', { namespace: metadata.namespace, labels })
  return items.some(
    ({ endpoints, ports }) =>
      ports.some((it) => it.port === port) &&
      endpoints.some(
        ({ addresses, conditions }) =>
          conditions.ready !== false && addresses.some((it) => canonical(it) === canonical(address)),
      ),
  )
}
