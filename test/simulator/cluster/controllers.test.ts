import { describe, expect, test } from 'vitest'
import { podManifest, type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const image = (tag: string) => `registry.test:5000/app:${tag}`
const template = (tag: string, pod: object = {}, container: object = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { ...pod, containers: [{ name: 'main', image: image(tag), ...container }] },
})
const workload = (kind: string, tag: string, spec: object = {}, pod: object = {}) =>
  JSON.stringify({
    kind,
    metadata: { namespace: 'shop', name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: template(tag, pod), ...spec },
  })
const readyPods = (cluster: SmallCluster) =>
  cluster
    .pods('web')
    .filter(({ status }) => status.conditions.some((it) => it.type === 'Ready' && it.status === 'True'))
const allReady = (cluster: SmallCluster, count: number) =>
  cluster.until(`${count} are ready`, () => readyPods(cluster).length === count && cluster.pods('web').length === count)

async function send(cluster: SmallCluster, method: string, path: string, body: object = {}, type = 'application/json') {
  const headers = { 'content-type': type }
  const answer = await cluster.handle({ method, path, headers, body: JSON.stringify(body) })
  return { status: answer.status, body: JSON.parse(answer.body) }
}

describe('a Deployment', () => {
  test('has its pods through a ReplicaSet', async () => {
    const cluster = await smallCluster()
    await cluster.apply(workload('Deployment', '1', { replicas: 2 }))
    await allReady(cluster, 2)
    const [set] = cluster.list('replicasets')
    const hash = set?.metadata.labels['pod-template-hash']
    expect(set?.metadata.name).toBe(`web-${hash}`)
    expect(set?.metadata.annotations['deployment.kubernetes.io/revision']).toBe('1')
    expect(cluster.pods('web')[0]?.metadata.name).toMatch(new RegExp(`^web-${hash}-[bcdfghjklmnpqrstvwxz2456789]{5}$`))
    await cluster.until('it is available', () => conditionOf(cluster, 'Available')?.status === 'True')
    expect(conditionOf(cluster, 'Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' })
  })

  test('replaces them by those of a new template, and keeps what it was', async () => {
    const cluster = await smallCluster()
    await cluster.apply(workload('Deployment', '1', { replicas: 3 }))
    await allReady(cluster, 3)
    await cluster.apply(workload('Deployment', '2', { replicas: 3 }))
    await cluster.until(
      'all are new',
      () => readyPods(cluster).filter((it) => it.spec.containers[0]?.image === image('2')).length === 3,
    )
    await allReady(cluster, 3)
    expect(
      cluster
        .list('replicasets')
        .map(({ spec, metadata }) => [metadata.annotations['deployment.kubernetes.io/revision'], spec.replicas])
        .toSorted(),
    ).toEqual([
      ['1', 0],
      ['2', 3],
    ])
    await cluster.apply(workload('Deployment', '1', { replicas: 3 }))
    await cluster.until(
      'it is back',
      () => cluster.list('deployments')[0]?.metadata.annotations['deployment.kubernetes.io/revision'] === '3',
    )
    expect(cluster.list('replicasets')).toHaveLength(2)
  })

  test('keeps the old ones as long as the new ones do not come up', async () => {
    const cluster = await smallCluster()
    await cluster.apply(workload('Deployment', '1', { replicas: 3 }))
    await allReady(cluster, 3)
    await cluster.apply(workload('Deployment', '9', { replicas: 3 }))
    await cluster.until('the new one fails', () => cluster.pods('web').length === 4)
    await cluster.until('it is told', () => cluster.list('deployments')[0]?.status.replicas === 4)
    expect(readyPods(cluster).map((it) => it.spec.containers[0]?.image)).toEqual([image('1'), image('1'), image('1')])
    cluster.clock.set(cluster.clock.now() + 700_000, 50)
    await cluster.apply(podManifest('nudge', image('1')))
    await cluster.until(
      'it has timed out',
      () => conditionOf(cluster, 'Progressing')?.reason === 'ProgressDeadlineExceeded',
    )
  })

  test('that recreates lets all old ones end first', async () => {
    const cluster = await smallCluster()
    await cluster.apply(workload('Deployment', '1', { replicas: 2, strategy: { type: 'Recreate' } }))
    await allReady(cluster, 2)
    await cluster.apply(workload('Deployment', '9', { replicas: 2, strategy: { type: 'Recreate' } }))
    await cluster.until('only new ones are left', () =>
      cluster.pods('web').every((it) => it.spec.containers[0]?.image === image('9')),
    )
  })

  test('is scaled', async () => {
    const cluster = await smallCluster()
    await cluster.apply(workload('Deployment', '1', { replicas: 3 }))
    await allReady(cluster, 3)
    await send(
      cluster,
      'PATCH',
      '/apis/apps/v1/namespaces/shop/deployments/web',
      { spec: { replicas: 1 } },
      'application/merge-patch+json',
    )
    await allReady(cluster, 1)
  })

  const conditionOf = (cluster: SmallCluster, type: string) =>
    cluster.list('deployments')[0]?.status.conditions.find((it) => it.type === type)
})

describe('a StatefulSet', () => {
  test('makes its pods in order, gives a deleted one its name again, and keeps what it was', async () => {
    const cluster = await smallCluster()
    await cluster.apply(workload('StatefulSet', '1', { replicas: 2 }))
    await allReady(cluster, 2)
    const before = cluster.pods('web').find(({ metadata }) => metadata.name === 'web-0')
    await send(cluster, 'DELETE', '/api/v1/namespaces/shop/pods/web-0')
    await cluster.until('web-0 is another one', () =>
      cluster.pods('web').some(({ metadata }) => metadata.name === 'web-0' && metadata.uid !== before?.metadata.uid),
    )
    await allReady(cluster, 2)
    await cluster.apply(workload('StatefulSet', '2', { replicas: 2 }))
    await cluster.until(
      'all are new',
      () => readyPods(cluster).filter((it) => it.spec.containers[0]?.image === image('2')).length === 2,
    )
    expect(
      cluster
        .list('controllerrevisions')
        .map(({ revision, data }) => [revision, data?.spec.template.spec.containers[0]?.image])
        .toSorted(),
    ).toEqual([
      [1, image('1')],
      [2, image('2')],
    ])
  })

  test('waits for one that does not come up', async () => {
    const cluster = await smallCluster()
    await cluster.apply(workload('StatefulSet', '9', { replicas: 2 }))
    await cluster.waiting('web', 'ImagePullBackOff')
    expect(cluster.pods('web').map(({ metadata }) => metadata.name)).toEqual(['web-0'])
  })
})

describe('a Service', () => {
  const service = JSON.stringify({
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  })
  const endpoints = (cluster: SmallCluster) =>
    cluster.list('endpointslices')[0]?.endpoints.map(({ conditions }) => conditions.ready) ?? []

  test('knows which of its pods are ready', async () => {
    const cluster = await smallCluster()
    await cluster.apply(service)
    const probe = { ports: [{ name: 'http', containerPort: 8080 }], readinessProbe: { httpGet: { port: 'http' } } }
    await cluster.apply(podManifest('web', image('1'), {}, probe))
    await cluster.until('it is not ready yet', () => endpoints(cluster)[0] === false)
    await cluster.ready('web')
    await cluster.until('it is ready', () => endpoints(cluster)[0] === true)
    expect(cluster.list('endpointslices')[0]?.ports).toEqual([{ name: 'http', port: 8080 }])
    await send(cluster, 'DELETE', '/api/v1/namespaces/shop/pods/web')
    await cluster.until('it is gone', () => endpoints(cluster).length === 0)
  })
})

describe('scheduling', () => {
  test('says why no node takes a pod, and takes it when one does', async () => {
    const cluster = await smallCluster()
    await cluster.apply(podManifest('web', image('1'), { nodeSelector: { disk: 'ssd' } }))
    const words = await cluster.until(
      'it is refused',
      () => cluster.pods('web')[0]?.status.conditions.find((it) => it.type === 'PodScheduled')?.message,
    )
    expect(words).toBe(
      "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    )
    await cluster.apply(JSON.stringify({ kind: 'Node', metadata: { name: 'node-3', labels: { disk: 'ssd' } } }))
    expect((await cluster.ready('web')).spec.nodeName).toBe('node-3')
  })

  test('spreads pods of one app, and leaves a cordoned node alone', async () => {
    const cluster = await smallCluster()
    await cluster.apply(JSON.stringify({ kind: 'Node', metadata: { name: 'node-3' } }))
    await cluster.apply(workload('Deployment', '1', { replicas: 2 }))
    await allReady(cluster, 2)
    expect(
      cluster
        .pods('web')
        .map(({ spec }) => spec.nodeName)
        .toSorted(),
    ).toEqual(['node-1', 'node-3'])
    await cluster.apply(JSON.stringify({ kind: 'Node', metadata: { name: 'node-3' }, spec: { unschedulable: true } }))
    await cluster.apply(workload('Deployment', '1', { replicas: 3 }))
    await allReady(cluster, 3)
    expect(cluster.pods('web').filter(({ spec }) => spec.nodeName === 'node-1')).toHaveLength(2)
  })
})

test('what an owner leaves behind is collected', async () => {
  const cluster = await smallCluster()
  await cluster.apply(workload('Deployment', '1', { replicas: 2 }))
  await allReady(cluster, 2)
  await send(cluster, 'DELETE', '/apis/apps/v1/namespaces/shop/deployments/web')
  await cluster.until('all is gone', () => cluster.list('replicasets').length + cluster.pods('web').length === 0)
})

test('every namespace has its ServiceAccount', async () => {
  const cluster = await smallCluster()
  await cluster.until('it is there', () =>
    cluster.list('serviceaccounts').some(({ metadata }) => metadata.namespace === 'shop'),
  )
})
