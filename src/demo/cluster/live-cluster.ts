import type { Clock } from '../clock.ts'
import type { ApiServerOptions } from './api/api-context.ts'
import type { HandleApi } from './api/api-request.ts'
import { apiServerInMemory } from './api/api-server-in-memory.ts'
import type { ObjectStore } from './api/object-store.ts'
import type { Rule } from './api/rule.ts'
import { controllers } from './controllers/controllers.ts'
import type { JobBackoff } from './controllers/jobs.ts'
import { runControllers } from './controllers/run-controllers.ts'
import { backoff } from './kubelet/backoff.ts'
import { type KubeletOptions, kubeletDefaults } from './kubelet/kubelet-options.ts'
import type { NodeContext } from './kubelet/node-context.ts'
import { runKubelet } from './kubelet/run-kubelet.ts'
import { sampleVolumes, type Volumes } from './kubelet/volumes.ts'
import { goHttp } from './network/go-http.ts'
import { type Network, sampleNetwork } from './network/network.ts'
import { onChanges } from './on-changes.ts'

export interface LiveClusterOptions {
  readonly clock: Clock
  /** Certificates that nodes and pods trust, in PEM. */
  readonly ca: string
  /** Hosts, with port, that nodes speak plain HTTP to. */
  readonly plainHttp: readonly string[]
  readonly forbid?: readonly Rule[]
  readonly timing?: Partial<KubeletOptions>
  readonly jobBackoff?: JobBackoff
}

export interface LiveCluster {
  readonly handle: HandleApi
  readonly store: ObjectStore
  readonly network: Network
  readonly volumes: Volumes
  /** Ends every program in it. */
  stop(): void
}

/** Milliseconds. A real server's default for --event-ttl. */
const eventsLast = 3_600_000

/** A cluster in memory in which things happen: controllers, and on each node a kubelet that pulls. Empty at first. */
export function liveCluster(options: LiveClusterOptions): LiveCluster {
  const { clock, jobBackoff = { first: 10_000, most: 360_000 } } = options
  const logs = new Map<string, string>()
  const nodes = {
    logOf: (key: string) => logs.get(key),
    portOf: (podIp: string, port: number): number | undefined => network.portOf(podIp, port),
  }
  const served: ApiServerOptions = { clock, eventsLast, nodes, ...(options.forbid && { forbid: options.forbid }) }
  const { handle, store } = apiServerInMemory([], served)
  const network = sampleNetwork(store)
  const volumes = sampleVolumes()
  const live = { store, clock, options: served }
  const kubelets = new Map<string, () => void>()

  function attendNodes(): void {
    for (const { metadata } of store.list('nodes')) {
      if (kubelets.has(metadata.name)) continue
      const architecture = metadata.labels['kubernetes.io/arch'] ?? 'amd64'
      const node = nodeContext({ ...live, network, volumes, logs }, metadata.name, architecture, options)
      kubelets.set(metadata.name, runKubelet(node, `10.42.${kubelets.size + 1}`))
    }
  }

  const stopControllers = runControllers(live, controllers(jobBackoff))
  const unwatch = onChanges(store, ({ resource }) => resource === 'nodes', attendNodes)
  return {
    handle,
    store,
    network,
    volumes,
    stop() {
      unwatch()
      stopControllers()
      for (const stop of kubelets.values()) stop()
    },
  }
}

type Shared = Pick<NodeContext, 'store' | 'clock' | 'options' | 'network' | 'volumes' | 'logs'>

function nodeContext(shared: Shared, node: string, architecture: string, options: LiveClusterOptions): NodeContext {
  const timing = { ...kubeletDefaults, ...options.timing }
  const way = { network: shared.network, clock: shared.clock, ca: options.ca, dialTimeout: timing.dial }
  return {
    ...shared,
    node,
    timing,
    puller: { http: goHttp({ ...way, from: { node } }), plainHttp: new Set(options.plainHttp), architecture },
    podHttp: goHttp({ ...way, from: { node, isPod: true } }),
    images: new Map(),
    imageBackoff: backoff(timing.imageBackoff),
    lastFailures: new Map(),
  }
}
