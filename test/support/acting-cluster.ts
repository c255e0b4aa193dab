import { setTimeout as sleep } from 'node:timers/promises'
import { sourceArchive } from '../../src/demo/sample/files.ts'
import { buildJob, deployment, replicas } from '../../src/demo/sample/manifests.ts'
import type { Resource, ResourceName } from '../../src/kubernetes/resources.ts'
import { settableClock } from '../../src/simulator/clock.ts'
import type { Rule } from '../../src/simulator/cluster/api/address.ts'
import type { HandleApi } from '../../src/simulator/cluster/api/answers.ts'
import { applyManifests, type LiveCluster, liveCluster } from '../../src/simulator/cluster/live-cluster.ts'
import { kubeconfigFile, loopbackServer, memoryClusterListener } from '../../src/simulator/cluster/memory-cluster.ts'
import { typedObjects } from '../../src/simulator/cluster/objects.ts'
import { listen } from '../../src/simulator/listen.ts'
import { registryListener, sampleRegistry } from '../../src/simulator/registry/server.ts'
import { addImage, registryStorage } from '../../src/simulator/registry/storage.ts'
import { certificateAuthority } from '../../src/simulator/registry/tls.ts'
import { type FaultyApi, faultyApi } from './faulty-api.ts'

const authority = await certificateAuthority('test')

/** Where the registry in the cluster is. */
export const registryHost = '10.43.0.5:5000'

const foundation = (storage: object, strategy: string) => `
${['shop', 'infra'].map((name) => `{ apiVersion: v1, kind: Namespace, metadata: { name: ${name} } }`).join('\n---\n')}
---
apiVersion: v1
kind: Node
metadata: { name: node-1, labels: { kubernetes.io/arch: amd64 } }
---
apiVersion: networking.k8s.io/v1
kind: ServiceCIDR
metadata: { name: kubernetes }
spec: { cidrs: [10.43.0.0/16] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: registry, namespace: infra, labels: { app: registry } }
spec:
  replicas: 1
  strategy: { type: ${strategy} }
  selector: { matchLabels: { app: registry } }
  template:
    metadata: { labels: { app: registry } }
    spec:
      containers:
        - { name: registry, image: "registry.test:5000/registry:2", ports: [{ containerPort: 5000 }] }
      volumes: [${JSON.stringify({ name: 'storage', ...storage })}]
---
apiVersion: v1
kind: Service
metadata: { name: registry, namespace: infra }
spec: { clusterIP: 10.43.0.5, selector: { app: registry }, ports: [{ name: registry, port: 5000, targetPort: 5000 }] }
`

const from = 'FROM registry.test:5000/base:1\n'

export interface ActingCluster
  extends AsyncDisposable,
    Pick<FaultyApi, 'writes' | 'trials' | 'fail' | 'meanwhile' | 'thereafter'>,
    Pick<LiveCluster, 'store' | 'network' | 'volumes'> {
  /** A file's path: other processes may use it, too. */
  readonly kubeconfig: string
  readonly handle: HandleApi
  apply(...manifests: readonly string[]): Promise<void>
  list<Name extends ResourceName>(resource: Name): readonly Resource<Name>[]
  /** Resolves with what `look` returns as soon as it is neither undefined nor false. */
  until<Value>(what: string, look: () => Value | undefined | false): Promise<Value>
  /** From now on it may not do that. */
  forbid(rule: Rule): void
  /** `cart` in `shop` waits for its image: its build failed because the registry was away, or because its source is bad. */
  failedBuild(source?: 'good' | 'bad'): Promise<void>
  untilMissing(app: string): Promise<void>
  /** Into the registry in the cluster, by nobody's build. */
  push(repository: string, ...tags: readonly string[]): void
  unpush(repository: string): void
  /** Somebody deletes it, and its StatefulSet makes another of the same name. Resolves when that one is stuck, too. */
  replacePod(name: string): Promise<void>
  scaleRegistry(count: number): Promise<void>
}

export interface ActingOptions {
  /** Of the registry's volume. Default: a claim, so that a restart loses nothing. */
  readonly storage?: object
  /** How its Deployment rolls out. */
  readonly strategy?: string
  /** Seconds of the cluster in one real second. */
  readonly speed?: number
  /** Milliseconds, on the cluster's clock, until a kubelet tries again. Default: so long that no test sees it. */
  readonly imageBackoff?: number
}

/** A cluster that lives fast, with a registry in it that builds push to, served over HTTP; gone with its `await using`. */
export async function actingCluster({
  storage = { persistentVolumeClaim: { claimName: 'registry' } },
  strategy = 'Recreate',
  speed = 20,
  imageBackoff = 3_600_000,
}: ActingOptions = {}): Promise<ActingCluster> {
  const stack = new AsyncDisposableStack()
  const clock = settableClock(Date.now(), speed)
  const forbidden: Rule[] = []
  const plainHttp = ['registry.test:5000', registryHost]
  const timing = { imageBackoff: { first: imageBackoff, most: imageBackoff } }
  const cluster = liveCluster({ clock, ca: authority.pem, plainHttp, forbid: forbidden, timing })
  stack.defer(cluster.stop)
  const outside = registryStorage()
  addImage(outside, { repository: 'kaniko', tags: ['1'] })
  addImage(outside, { repository: 'base', tags: ['1'] })
  addImage(outside, { repository: 'registry', tags: ['2'], labels: { 'imagepull.dev/program': 'registry' } })
  const sources: Readonly<Record<string, Buffer>> = {
    '/good.tar.gz': sourceArchive({ Dockerfile: `${from}COPY a.txt /a.txt\n`, 'a.txt': 'a' }),
    '/bad.tar.gz': sourceArchive({ Dockerfile: `${from}COPY no-such-file.txt /a.txt\n`, 'a.txt': 'a' }),
  }
  const git = await listen(
    ({ url = '' }, response) => response.end(sources[url]),
    await authority.certify(['git.test']),
  )
  const registry = await listen(registryListener(sampleRegistry(outside)))
  stack.defer(async () => void (await Promise.all([git.close(), registry.close()])))
  cluster.network.name('registry.test', '198.51.100.7')
  cluster.network.attach('198.51.100.7', 5000, registry.port)
  cluster.network.name('git.test', '198.51.100.20')
  cluster.network.attach('198.51.100.20', 443, git.port)

  const api = faultyApi(cluster.handle)
  const server = stack.use(await loopbackServer(memoryClusterListener(api.handle)))
  const file = stack.use(kubeconfigFile(server.address))

  const list = <Name extends ResourceName>(resource: Name) => typedObjects(cluster.store, resource)

  async function until<Value>(what: string, look: () => Value | undefined | false): Promise<Value> {
    const end = performance.now() + 20_000
    for (;;) {
      const found = look()
      if (found !== undefined && found !== false) return found
      if (performance.now() > end) throw new Error(`${what}: not within 20 s`)
      await sleep(10)
    }
  }

  async function apply(...manifests: readonly string[]): Promise<void> {
    for (const it of manifests) await applyManifests(cluster.handle, it, 'test')
  }

  const registryReady = (): boolean =>
    list('pods').some(
      ({ metadata, status }) =>
        metadata.labels.app === 'registry' &&
        status.conditions.some((it) => it.type === 'Ready' && it.status === 'True'),
    )

  async function scaleRegistry(count: number): Promise<void> {
    await apply(replicas('infra', 'registry', count))
    await until(`the registry has ${count} pods`, () => registryReady() === count > 0)
  }

  /** Its pod has been told that there is no such image. */
  async function untilMissing(app: string): Promise<void> {
    await until(`${app} is told that there is no such image`, () =>
      list('pods').some(
        ({ metadata, status }) =>
          metadata.labels.app === app && /not found/.test(JSON.stringify(status.containerStatuses)),
      ),
    )
  }

  async function failedBuild(source: 'good' | 'bad' = 'good'): Promise<void> {
    if (source === 'good') await scaleRegistry(0)
    await apply(buildManifest('cart', source))
    await until('the build has failed', () =>
      list('jobs').some(({ status }) => status.conditions.some(({ type }) => type === 'Failed')),
    )
    if (source === 'good') await scaleRegistry(1)
    await apply(deployment({ namespace: 'shop', name: 'cart', image: `${registryHost}/cart:latest` }))
    await untilMissing('cart')
  }

  function push(repository: string, ...tags: readonly string[]): void {
    addImage(cluster.volumes.of('infra/registry'), { repository, tags })
  }

  function unpush(repository: string): void {
    cluster.volumes.of('infra/registry').repositories.delete(repository)
  }

  async function replacePod(name: string): Promise<void> {
    const uidOf = () => list('pods').find(({ metadata }) => metadata.name === name)?.metadata.uid
    const before = uidOf()
    const path = `/api/v1/namespaces/shop/pods/${name}`
    await cluster.handle({ method: 'DELETE', path, headers: {}, body: '{"gracePeriodSeconds":0}' })
    await until(`another pod ${name} is stuck`, () =>
      list('pods').some(
        ({ metadata, status }) =>
          metadata.name === name &&
          metadata.uid !== before &&
          /not found/.test(JSON.stringify(status.containerStatuses)),
      ),
    )
  }

  await apply(foundation(storage, strategy))
  await until('the registry is ready', registryReady)
  return {
    ...{ store: cluster.store, network: cluster.network, volumes: cluster.volumes, handle: cluster.handle },
    kubeconfig: file.path,
    ...{ writes: api.writes, trials: api.trials },
    ...{ fail: api.fail, meanwhile: api.meanwhile, thereafter: api.thereafter },
    ...{ apply, list, until, untilMissing, failedBuild, scaleRegistry, push, unpush, replacePod },
    forbid: (rule) => void forbidden.push(rule),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** A build of an image of the registry in the cluster, with the executor that this cluster has. */
export function buildManifest(name: string, source: 'good' | 'bad'): string {
  const context = `https://git.test/${source}.tar.gz`
  const destination = `${registryHost}/${name}:latest`
  return buildJob({ namespace: 'shop', name: `${name}-build`, context, destination })
    .replace('gcr.io/kaniko-project/executor:v1.24.0', 'registry.test:5000/kaniko:1')
    .replace('"--insecure"', '"--insecure","--insecure-pull"')
}
