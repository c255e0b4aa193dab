import { z } from 'zod'
import { resources } from '../../kubernetes/resources.ts'
import type { Clock } from '../clock.ts'
import { type Rule, resourceOfKind } from './api/address.ts'
import type { HandleApi } from './api/answers.ts'
import { apiServerInMemory } from './api/server.ts'
import { type ApiServerOptions, manifestsIn, type ObjectStore } from './api/store.ts'
import { controllers, runControllers } from './controllers/controllers.ts'
import type { JobBackoff } from './controllers/jobs.ts'
import { goHttp } from './go-http.ts'
import { runKubelet } from './kubelet/kubelet.ts'
import {
  backoff,
  type KubeletOptions,
  kubeletDefaults,
  type NodeContext,
  sampleVolumes,
  type Volumes,
} from './kubelet/node.ts'
import { type Network, sampleNetwork } from './network.ts'
import { onChanges } from './objects.ts'

export interface LiveClusterOptions {
  readonly clock: Clock
  /** Certificates that nodes and pods trust, in PEM. */
  readonly ca: string
  /** Hosts with port to which nodes speak plain HTTP. */
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
  /** Stops every program in the cluster. */
  stop(): void
}

/** Milliseconds. A real server's default for --event-ttl. */
const eventsLast = 3_600_000

/** A running cluster in memory, with controllers and a kubelet on each node. It is empty at first. */
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

const manifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
})

/** Creates or changes objects through the API as `manager`. Throws if the API refuses one. */
export async function applyManifests(handle: HandleApi, manifests: string, manager: string): Promise<void> {
  for (const manifest of manifestsIn(manifests)) await apply(handle, manifestSchema.parse(manifest), manager)
}

async function apply(handle: HandleApi, manifest: z.infer<typeof manifestSchema>, manager: string): Promise<void> {
  const { kind, metadata } = manifest
  const resource = resourceOfKind(kind)
  if (!resource) throw new Error(`no resource for the kind ${kind}`)
  const { api, namespaced } = resources[resource]
  const collection = namespaced
    ? `${api}/namespaces/${metadata.namespace ?? 'default'}/${resource}`
    : `${api}/${resource}`
  const object = `${collection}/${metadata.name}`
  const query = `?fieldManager=${encodeURIComponent(manager)}`
  const send = (method: string, path: string, type: string) =>
    handle({ method, path, headers: { 'content-type': type }, body: JSON.stringify(manifest) })
  const there = (await handle({ method: 'GET', path: object, headers: {}, body: '' })).status === 200
  const answer = there
    ? await send('PATCH', object + query, 'application/strategic-merge-patch+json')
    : await send('POST', collection + query, 'application/json')
  if (answer.status !== 200 && answer.status !== 201)
    throw new Error(`${kind} ${metadata.name} was refused: ${answer.body}`)
}
