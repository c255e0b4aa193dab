import { deployment, newImage } from '../../src/demo/sample/manifests.ts'
import { type ActingCluster, registryHost } from './acting-cluster.ts'

const image = (name: string): string => `${registryHost}/${name}`

const statefulSet = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { namespace: 'shop', name: 'db', labels: { app: 'db' } },
  spec: {
    replicas: 1,
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    template: {
      metadata: { labels: { app: 'db' } },
      spec: { containers: [{ name: 'main', image: image('db:1') }] },
    },
  },
})

/** How it comes to a button, and which one it is. */
export interface ActingCase {
  readonly action: string
  /** The cluster, until it fails so. */
  fail(cluster: ActingCluster): Promise<unknown>
  readonly target: string
  readonly button: RegExp
}

const failedBuild: ActingCase = {
  action: 'rerun-build',
  fail: ({ failedBuild }) => failedBuild(),
  target: 'shop/cart',
  button: /\[Rerun build\]/,
}
/** One whose name lasts, and whose image has come since. */
const stuckPod: ActingCase = {
  action: 'delete-stuck-pod',
  async fail({ apply, untilMissing, push }) {
    await apply(statefulSet)
    await untilMissing('db')
    push('db', '1')
  },
  target: 'shop/db-0',
  button: /\[Delete stuck pod\]/,
}
const hungRegistry: ActingCase = {
  action: 'restart-registry',
  async fail(cluster) {
    cluster.push('web', '1')
    const [pod] = cluster.list('pods').filter(({ metadata }) => metadata.labels.app === 'registry')
    cluster.network.detach(pod?.status.podIP ?? '', 5_000)
    await cluster.apply(deployment({ namespace: 'shop', name: 'web', image: image('web:1') }))
    await cluster.until('the pod is refused', () => /connection refused/.test(JSON.stringify(cluster.list('pods'))))
  },
  target: 'shop/web',
  button: /\[Restart registry \(1 of 3\)\]/,
}
const badRelease: ActingCase = {
  action: 'roll-back',
  async fail(cluster) {
    cluster.push('web', '1')
    await cluster.apply(deployment({ namespace: 'shop', name: 'web', image: image('web:1') }))
    await cluster.until('it runs', () =>
      cluster.list('deployments').some(({ metadata, status }) => metadata.name === 'web' && status.readyReplicas === 1),
    )
    await cluster.apply(newImage('shop', 'web', image('web:2')))
    await cluster.untilMissing('web')
  },
  target: 'shop/web',
  button: /\[Roll back\]/,
}

const stuckPods: ActingCase = {
  action: 'delete-stuck-pods',
  async fail({ apply, until, list, push }) {
    await apply(deployment({ namespace: 'shop', name: 'web', image: image('web:1'), replicas: 3 }))
    const missing = () =>
      list('pods').filter(({ status }) => /not found/.test(JSON.stringify(status.containerStatuses)))
    await until('all are told that there is no such image', () => missing().length === 3)
    push('web', '1')
  },
  target: 'shop/web',
  button: /\[Delete 3 stuck pods\]/,
}

/** One of each action that changes the cluster, up to its button. */
export const actingCases = { failedBuild, stuckPod, stuckPods, hungRegistry, badRelease } as const
