import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Pod, PodEvent, Resource, ResourceName } from '../../src/kubernetes/resources.ts'
import { settableClock } from '../../src/simulator/clock.ts'
import type { KubeletOptions } from '../../src/simulator/cluster/kubelet/node.ts'
import { applyManifests, liveCluster } from '../../src/simulator/cluster/live-cluster.ts'
import { typedObjects } from '../../src/simulator/cluster/objects.ts'
import { listen } from '../../src/simulator/listen.ts'
import { registryListener, sampleRegistry } from '../../src/simulator/registry/server.ts'
import { addImage, registryStorage, type SampleImage } from '../../src/simulator/registry/storage.ts'
import { certificateAuthority } from '../../src/simulator/registry/tls.ts'

export const authority = await certificateAuthority('test')

const manifests = `
kind: Namespace
metadata: { name: shop }
---
kind: Node
metadata: { name: node-1 }
---
kind: Node
metadata: { name: node-2, labels: { kubernetes.io/arch: arm64 } }
spec: { taints: [{ key: arch, value: arm64, effect: NoSchedule }] }
`

const address = '198.51.100.7'

/** Seconds of the cluster in one real second. */
const speed = 50

/** A cluster with two nodes that runs fast, and `registry.test:5000`, which speaks plain HTTP. Both end with the test. */
export async function smallCluster(
  images: readonly SampleImage[] = [{ repository: 'app', tags: ['1', '2'] }],
  timing: Partial<KubeletOptions> = {},
) {
  const clock = settableClock(Date.now(), speed)
  const storage = registryStorage()
  for (const image of images) addImage(storage, image)
  const asked: string[] = []
  const registry = sampleRegistry(storage)
  const counting = registryListener((request) => {
    asked.push(`${request.method} ${request.url.pathname}`)
    return registry(request)
  })
  const server = await listen(counting)
  const cluster = liveCluster({ clock, ca: authority.pem, plainHttp: ['registry.test:5000', '10.43.0.5:5000'], timing })
  cluster.network.name('registry.test', address)
  cluster.network.attach(address, 5000, server.port)
  onTestFinished(async () => {
    cluster.stop()
    await server.close()
  })
  const apply = (yaml: string) => applyManifests(cluster.handle, yaml, 'test')
  await apply(manifests)

  /** Looks again and again, for at most ten seconds. */
  async function until<Value>(what: string, look: () => Value | undefined | false): Promise<Value> {
    const end = performance.now() + 10_000
    for (;;) {
      const found = look()
      if (found !== undefined && found !== false) return found
      if (performance.now() > end) throw new Error(`${what}: not within 10 s`)
      await sleep(5)
    }
  }

  const list = <Name extends ResourceName>(resource: Name): readonly Resource<Name>[] =>
    typedObjects(cluster.store, resource)
  const pods = (app: string): readonly Pod[] => list('pods').filter(({ metadata }) => metadata.labels.app === app)
  const eventsOf = (uid: string): readonly PodEvent[] =>
    list('events').filter(({ involvedObject }) => involvedObject.uid === uid)

  /** What the first container of an app's pod waits with, once it waits so. */
  async function waiting(app: string, reason: string) {
    return until(`${app} waits with ${reason}`, () => {
      const state = pods(app)[0]?.status.containerStatuses[0]?.state
      return state?.waiting?.reason === reason && state.waiting
    })
  }

  const ready = (app: string): Promise<Pod> =>
    until(`${app} is ready`, () =>
      pods(app).find(({ status }) =>
        status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
      ),
    )

  return { ...cluster, clock, storage, asked, apply, until, list, pods, eventsOf, waiting, ready }
}

export type SmallCluster = Awaited<ReturnType<typeof smallCluster>>

/** A pod of its own, as YAML. */
export function podManifest(name: string, image: string, spec: object = {}, container: object = {}): string {
  const containers = [{ name: 'main', image, ...container }]
  return JSON.stringify({
    kind: 'Pod',
    metadata: { namespace: 'shop', name, labels: { app: name } },
    spec: { containers, ...spec },
  })
}
