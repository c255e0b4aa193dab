import type { ContactPolicy } from '../../registry/contact.ts'
import type { Resolve } from '../../registry/guarded-http.ts'
import { type SettableClock, settableClock } from '../clock.ts'
import type { HandleApi } from '../cluster/api/api-request.ts'
import type { Rule } from '../cluster/api/rule.ts'
import { applyManifests } from '../cluster/apply-manifests.ts'
import type { KubeletOptions } from '../cluster/kubelet/kubelet-options.ts'
import { type LiveCluster, liveCluster } from '../cluster/live-cluster.ts'
import { memoryClusterListener } from '../cluster/memory-cluster-listener.ts'
import { type Listening, listen } from '../listen.ts'
import { certificateAuthority } from '../registry/certificate-authority.ts'
import { inCluster, outsideRegistries } from './addresses.ts'
import { botResolve } from './bot-resolve.ts'
import { type SampleFiles, sampleFiles } from './sample-files.ts'
import { sampleServers } from './sample-servers.ts'
import type { SampleWorld } from './sample-world.ts'
import type { Situation } from './situation.ts'
import { situations } from './situations.ts'
import { type Storm, stormIn } from './storm.ts'
import { tellStory } from './tell-story.ts'

export interface SampleOptions {
  /** What the bot may not do. */
  readonly forbid?: readonly Rule[]
  readonly timing?: Partial<KubeletOptions>
  /** Seconds of the cluster in one real second. Default 1. */
  readonly speed?: number
}

export interface Sample {
  /** A file, with the one context `prod-eu`. */
  readonly kubeconfig: string
  /** Where the bot's registry client is to connect to. */
  readonly resolve: Resolve
  readonly policy: ContactPolicy
  /** Pieces of the configuration file that fit to it. */
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

/** The sample cluster and the registries that its images come from: on loopback, with a past, and alive. */
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

/** What somebody outside of the cluster needs to look at it. */
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
