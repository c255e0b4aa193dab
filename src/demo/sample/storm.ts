import { setTimeout as wait } from 'node:timers/promises'
import { typedObjects } from '../../simulator/cluster/objects.ts'
import { addImage } from '../../simulator/registry/storage.ts'
import { isPullWaiting } from '../../target/pods.ts'
import { deployment, namespace, pullSecret, replicas, type Workload } from './manifests.ts'
import type { SampleWorld } from './situation.ts'

export interface StormPod {
  readonly namespace: string
  readonly pod: string
}

/** Three hundred pods that fail to pull at once, for three causes. */
export interface Storm {
  /** Starts the storm, and waits until every pod has failed once. It may be started again. */
  begin(): Promise<readonly StormPod[]>
  /** Removes the three causes, and waits until every pod has pulled its image. */
  end(): Promise<void>
}

const registry = '10.43.201.9:5000'
const services = [
  ...['catalog', 'search', 'pricing', 'stock', 'basket', 'orders', 'invoices'],
  ...['mailer', 'reviews', 'vouchers', 'returns', 'tracking', 'exports', 'sitemap'],
]
/** Real milliseconds. */
const limits = { look: 100, most: 90_000 } as const

/** The registry in the cluster is scaled to 0 in the middle of a release: 200 pods of 14 services. */
const released: readonly Workload[] = services.map((name, index) => ({
  namespace: 'market',
  name,
  image: `${registry}/${name}:5.0`,
  replicas: index < 4 ? 15 : 14,
}))
/** A tag that was never pushed: 60 pods. */
const mistyped: Workload = { namespace: 'market', name: 'landing', image: 'ghcr.io/acme/gateway:3.9.2', replicas: 60 }
/** A pull secret that nobody created: 40 pods. */
const secretless: Workload = {
  namespace: 'billing',
  name: 'settlement',
  image: 'registry.acme.io:5443/settlement:1.0',
  replicas: 40,
  pod: { imagePullSecrets: [{ name: 'settlement-pull' }] },
}
const all = [...released, mistyped, secretless]

export function stormIn(world: SampleWorld): Storm {
  const { servers, cluster, apply } = world

  function failing(): readonly StormPod[] {
    const names = new Set(all.map(({ namespace, name }) => `${namespace}/${name}`))
    return typedObjects(cluster.store, 'pods')
      .filter((pod) => names.has(`${pod.metadata.namespace}/${pod.metadata.labels.app}`) && isPullWaiting(pod))
      .map(({ metadata }) => ({ namespace: metadata.namespace, pod: metadata.name }))
  }

  return {
    async begin() {
      addImage(servers.acme.storage, { repository: 'settlement', tags: ['1.0'] })
      await apply(replicas('data', 'registry', 0), 'kubectl-scale')
      for (const name of ['market', 'billing']) await apply(namespace(name))
      for (const workload of all) await apply(deployment(workload))
      const wanted = all.reduce((sum, it) => sum + (it.replicas ?? 1), 0)
      await until(() => failing().length >= wanted)
      return failing()
    },
    async end() {
      for (const name of services) addImage(cluster.volumes.of('data/registry'), { repository: name, tags: ['5.0'] })
      addImage(servers.ghcr.storage, { repository: 'acme/gateway', tags: ['3.9.2'] })
      await apply(replicas('data', 'registry', 1), 'kubectl-scale')
      await apply(pullSecret('billing', 'settlement-pull', 'registry.acme.io:5443', 'deploy', 'acme-deploy-password'))
      await until(() => failing().length === 0)
    },
  }
}

/** Waits until the condition holds or the time is up. */
async function until(is: () => boolean): Promise<void> {
  const end = performance.now() + limits.most
  while (!is() && performance.now() < end) await wait(limits.look)
}

interface Webhook {
  readonly port: number
  readonly token: string
}

/** Alerts in one delivery. */
const group = 20

/** Sends one alert for each pod to the bot's webhook, as Alertmanager would, in groups. Throws if the bot refuses one. */
export async function tellAlerts(
  { port, token }: Webhook,
  pods: readonly StormPod[],
  status: 'firing' | 'resolved',
): Promise<void> {
  const startsAt = new Date().toISOString()
  const alerts = pods.map(({ namespace, pod }) => ({
    status,
    labels: { alertname: 'KubePodNotReady', namespace, pod, severity: 'warning' },
    startsAt,
  }))
  for (let at = 0; at < alerts.length; at += group) {
    const delivery = { version: '4', status, alerts: alerts.slice(at, at + group), truncatedAlerts: 0 }
    await deliver({ port, token }, JSON.stringify(delivery))
  }
}

/** As Alertmanager, it sends again what could not be stored. */
async function deliver({ port, token }: Webhook, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const end = performance.now() + limits.most
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, { method: 'POST', headers, body })
    await response.text()
    if (response.ok) return
    if (response.status < 500 || performance.now() > end) throw new Error(`the webhook answers ${response.status}`)
    await wait(limits.look)
  }
}
