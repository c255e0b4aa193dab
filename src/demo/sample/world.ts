import type { ContactPolicy } from '../../registry/http/contact-policy.ts'
import type { Resolve } from '../../registry/http/guarded-http.ts'
import { type SettableClock, settableClock } from '../../simulator/clock.ts'
import type { Rule } from '../../simulator/cluster/api/address.ts'
import type { HandleApi } from '../../simulator/cluster/api/answers.ts'
import type { KubeletOptions } from '../../simulator/cluster/kubelet/node.ts'
import { applyManifests, type LiveCluster, liveCluster } from '../../simulator/cluster/live-cluster.ts'
import { memoryClusterListener } from '../../simulator/cluster/memory-cluster.ts'
import { type Listening, listen } from '../../simulator/listen.ts'
import { certificateAuthority } from '../../simulator/registry/tls.ts'
import { botResolve, inCluster, outsideRegistries } from './addresses.ts'
import { type SampleFiles, sampleFiles } from './files.ts'
import { foundation } from './foundation.ts'
import { sampleServers } from './servers.ts'
import { type Chapter, type SampleWorld, type Situation, settle } from './situation.ts'
import { situations } from './situations.ts'
import { type Storm, stormIn } from './storm.ts'

export interface SampleOptions {
  /** Requests that the API server forbids. */
  readonly forbid?: readonly Rule[]
  readonly timing?: Partial<KubeletOptions>
  /** How many seconds of the cluster pass in one real second. Default: 1. */
  readonly speed?: number
}

export interface Sample {
  /** The path of a kubeconfig with the context `prod-eu`. */
  readonly kubeconfig: string
  /** Resolves the hosts for the bot's registry client. */
  readonly resolve: Resolve
  readonly policy: ContactPolicy
  /** Parts of the configuration file for this sample. */
  readonly configuration: {
    readonly clusters: readonly { readonly name: string; readonly context: string; readonly secrets: 'read' }[]
    readonly registries: readonly { readonly host: string; readonly plainHttp?: boolean; readonly ca?: string }[]
  }
  readonly situations: readonly Pick<Situation, 'name' | 'target' | 'shows' | 'repair'>[]
  /** Removes a situation's cause. Throws for an unknown name. */
  mend(name: string): Promise<void>
  readonly storm: Storm
  /** The API server, without HTTP. */
  readonly handle: HandleApi
  readonly clock: SettableClock
  /** Ends everything that was started, and removes its files. */
  stop(): Promise<void>
}

const name = 'prod-eu'

/** Starts the sample cluster and its registries on loopback, with a history. */
export async function startSample(options: SampleOptions = {}): Promise<Sample> {
  const clock = settableClock()
  const authority = await certificateAuthority('Acme Root CA')
  const running: Listening[] = []
  const cluster = liveCluster({ ...options, clock, ca: authority.pem, plainHttp: inCluster })
  try {
    const servers = await sampleServers(cluster.network, authority, running)
    const world: SampleWorld = {
      cluster,
      servers,
      apply: (manifests, manager = 'kubectl-client-side-apply') => applyManifests(cluster.handle, manifests, manager),
    }
    await tellStory(world, clock, situations)
    clock.set(Date.now(), options.speed ?? 1)
    const api = await listen(memoryClusterListener(cluster.handle))
    running.push(api)
    const files = await sampleFiles(name, api.port, authority.pem)
    return {
      ...forBot(world, authority.pem, files),
      situations,
      mend: (which) => mend(world, which),
      storm: stormIn(world),
      handle: cluster.handle,
      clock,
      stop: async () => void (await Promise.all([end(cluster, running), files.remove()])),
    }
  } catch (error) {
    await end(cluster, running)
    throw error
  }
}

async function end(cluster: LiveCluster, running: readonly Listening[]): Promise<void> {
  cluster.stop()
  await Promise.all(running.map((it) => it.close()))
}

/** Makes what a client outside of the cluster needs. */
function forBot(
  { cluster, servers }: SampleWorld,
  authority: string,
  { kubeconfig, ca }: SampleFiles,
): Pick<Sample, 'kubeconfig' | 'resolve' | 'policy' | 'configuration'> {
  return {
    kubeconfig,
    resolve: botResolve(cluster.network, servers.ports.silent),
    policy: {
      refuses: (host, address) => (address === '127.0.0.1' ? undefined : `${host} is no host of the sample`),
      plainHttp: (host) => inCluster.includes(host),
      ca: () => authority,
    },
    configuration: {
      clusters: [{ name, context: name, secrets: 'read' }],
      registries: [
        ...inCluster.map((host) => ({ host, plainHttp: true })),
        ...outsideRegistries.map((host) => ({ host, ca })),
      ],
    },
  }
}

async function mend(world: SampleWorld, name: string): Promise<void> {
  const situation = situations.find((it) => it.name === name)
  if (!situation) throw new Error(`no situation ${name}`)
  await situation.mend?.(world)
}

/** How many seconds of the cluster pass in one real second while its history is made. */
const speed = 60

/**
 * Creates the history of the cluster: runs the chapters, oldest first, with the clock set back to their times. Images are
 * pulled and builds run as usual, so that the history is as real as the present.
 */
async function tellStory(world: SampleWorld, clock: SettableClock, situations: readonly Situation[]): Promise<void> {
  const chapters = [...foundation, ...situations.flatMap((it) => it.chapters)].toSorted((a, b) => b.ago - a.ago)
  const now = Date.now()
  for (const times of byTime(chapters)) {
    clock.set(now - (times[0]?.ago ?? 0), speed)
    for (const { happen } of times) await happen(world)
    await settle(world.cluster.store, { builds: !times.some(({ goesOn }) => goesOn) })
  }
}

/** Groups chapters by time. Chapters of the same time happen together. */
function byTime(chapters: readonly Chapter[]): readonly (readonly Chapter[])[] {
  return [...Map.groupBy(chapters, ({ ago }) => ago).values()]
}
