import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { ContactPolicy } from '../../registry/contact.ts'
import type { Resolve } from '../../registry/guarded-http.ts'
import { type SettableClock, settableClock } from '../clock.ts'
import type { HandleApi } from '../cluster/api/api-request.ts'
import type { Rule } from '../cluster/api/rule.ts'
import { applyManifests } from '../cluster/apply-manifests.ts'
import type { KubeletOptions } from '../cluster/kubelet/kubelet-options.ts'
import { liveCluster } from '../cluster/live-cluster.ts'
import { memoryClusterListener } from '../cluster/memory-cluster-listener.ts'
import { listen } from '../listen.ts'
import { certificateAuthority } from '../registry/certificate-authority.ts'
import { silentServer } from '../registry/silent-server.ts'
import { addresses, inCluster } from './addresses.ts'
import { botResolve } from './bot-resolve.ts'
import { sampleServers } from './sample-servers.ts'
import type { SampleWorld } from './sample-world.ts'
import { situations } from './situations.ts'
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
  readonly situations: readonly { readonly name: string; readonly target: string; readonly shows: string }[]
  /** Removes a situation's cause. Throws for an unknown name. */
  mend(name: string): Promise<void>
  /** The API server, without HTTP. */
  readonly handle: HandleApi
  readonly clock: SettableClock
  stop(): Promise<void>
}

/** The sample cluster prod-eu and the registries that its images come from: on loopback, with a past, and alive. */
export async function startSample({ forbid, timing, speed = 1 }: SampleOptions = {}): Promise<Sample> {
  const clock = settableClock()
  const authority = await certificateAuthority('Acme Root CA')
  const plainHttp = Object.values(inCluster)
  const cluster = liveCluster({
    clock,
    ca: authority.pem,
    plainHttp,
    ...(forbid && { forbid }),
    ...(timing && { timing }),
  })
  const servers = await sampleServers(cluster.network, authority)
  const silent = await silentServer()
  const apply: SampleWorld['apply'] = (manifests, manager = 'kubectl-client-side-apply') =>
    applyManifests(cluster.handle, manifests, manager)
  const world: SampleWorld = { cluster, servers, apply }
  await tellStory(world, clock, situations)
  clock.set(Date.now(), speed)
  const api = await listen(memoryClusterListener(cluster.handle))
  const files = await writeFiles(api.port, authority.pem)

  return {
    kubeconfig: files.kubeconfig,
    resolve: botResolve(cluster.network, silent.port),
    policy: {
      refuses: (host, address) => (address === '127.0.0.1' ? undefined : `${host} is no host of the sample`),
      plainHttp: (host) => plainHttp.some((it) => it === host),
      ca: () => authority.pem,
    },
    configuration: {
      clusters: [{ name: 'prod-eu', context: 'prod-eu', secrets: 'read' }],
      registries: [
        ...plainHttp.map((host) => ({ host, plainHttp: true })),
        ...[...registryHosts].map((host) => ({ host, ca: files.ca })),
      ],
    },
    situations: situations.map(({ name, target, shows }) => ({ name, target, shows })),
    async mend(name) {
      const situation = situations.find((it) => it.name === name)
      if (!situation) throw new Error(`no situation ${name}`)
      await situation.mend(world)
    },
    handle: cluster.handle,
    clock,
    async stop() {
      cluster.stop()
      await Promise.all([servers.stop(), silent.close(), api.close(), rm(files.folder, { recursive: true })])
    },
  }
}

const registryHosts = [
  ...Object.keys(addresses).filter((host) => /registry-1|ghcr|gcr|registry\.acme|harbor/.test(host)),
  'registry.acme.io:5443',
]

async function writeFiles(port: number, authority: string) {
  const folder = await mkdtemp(join(tmpdir(), 'imagepull-sample-'))
  const kubeconfig = join(folder, 'kubeconfig')
  const ca = join(folder, 'ca.pem')
  const name = 'prod-eu'
  const server = `http://127.0.0.1:${port}`
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: 'imagepull', namespace: 'cortex-chat' } }],
    clusters: [{ name, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'imagepull', user: {} }],
  }
  await writeFile(kubeconfig, stringify(config), { mode: 0o600 })
  await writeFile(ca, authority)
  return { folder, kubeconfig, ca }
}
