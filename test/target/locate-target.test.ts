import { describe, expect, test } from 'vitest'
import type { Pod } from '../../src/kubernetes/resources.ts'
import { type MemoryCluster, memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { locateTarget } from '../../src/target/locate.ts'
import { parseTarget } from '../../src/target/parse.ts'
import type { Located } from '../../src/target/target.ts'
import { plain } from '../../src/text.ts'

interface PodOptions {
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly owner?: { readonly kind: string; readonly name: string }
  readonly created?: string
  readonly deleted?: boolean
}

function podWith(state: object, phase: string, name: string, options: PodOptions): object {
  const { namespace = 'shop', labels = {}, owner, created = '2026-01-01T00:00:00Z', deleted } = options
  const deletion = deleted ? { deletionTimestamp: '2026-01-02T00:00:00Z' } : {}
  const ownerReferences = owner ? [owner] : []
  return {
    kind: 'Pod',
    metadata: { name, namespace, labels, creationTimestamp: created, ownerReferences, ...deletion },
    spec: { containers: [{ name: 'main', image: 'shop/web:1' }] },
    status: {
      phase,
      conditions: [{ type: 'Ready', status: phase === 'Running' ? 'True' : 'False' }],
      containerStatuses: [{ name: 'main', state }],
    },
  }
}
const stuck = (name: string, options: PodOptions = {}) =>
  podWith({ waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } }, 'Pending', name, options)
const running = (name: string, options: PodOptions = {}) => podWith({ running: {} }, 'Running', name, options)

/** A Deployment and the ReplicaSet of each hash, the first being the first revision. */
function deployment(name: string, hashes: readonly string[] = [], namespace = 'shop'): readonly object[] {
  const selector = { matchLabels: { app: name } }
  const sets = hashes.map((hash, index) => ({
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { app: name, 'pod-template-hash': hash },
      annotations: { 'deployment.kubernetes.io/revision': String(index + 1) },
      ownerReferences: [{ kind: 'Deployment', name }],
    },
    spec: { selector },
  }))
  return [{ kind: 'Deployment', metadata: { name, namespace }, spec: { selector } }, ...sets]
}

function podOf(deployment: string, hash: string): Pick<PodOptions, 'labels' | 'owner'> {
  return {
    labels: { app: deployment, 'pod-template-hash': hash },
    owner: { kind: 'ReplicaSet', name: `${deployment}-${hash}` },
  }
}

async function locate(cluster: MemoryCluster, typed: string): Promise<Located> {
  const parsed = parseTarget(typed)
  if (!parsed.valid) throw new Error(parsed.reason)
  return locateTarget(cluster, parsed.target)
}

function namesOf(located: Located): readonly string[] {
  return located.found === 'pods'
    ? located.pods.map((pod: Pod) => `${pod.metadata.namespace}/${pod.metadata.name}`)
    : []
}

function noteOf(located: Located): string {
  return located.found === 'pods' && located.note ? plain(located.note) : ''
}

const shop = { namespace: 'shop' }
const web = [...deployment('web', ['6c4f9', '5d9cf'])]

describe('a pod of exactly that name', () => {
  const crowd = Array.from({ length: 10_000 }, (_, index) =>
    running(`crowd-${index}`, { namespace: `ns-${index % 50}` }),
  )
  const big = memoryCluster([...crowd, stuck('web-1')])

  test('costs one request among 10,000 pods', async () => {
    const before = big.requests
    expect(namesOf(await locate(big, 'shop/web-1'))).toEqual(['shop/web-1'])
    expect(big.asked.slice(before)).toEqual(['get pods/web-1 in shop'])
  })

  test('costs two without its namespace, of which the server selects one by name', async () => {
    const before = big.requests
    expect(namesOf(await locate(big, 'web-1'))).toEqual(['shop/web-1'])
    expect(big.asked.slice(before)).toEqual(['get pods/web-1 in default', 'list pods in all namespaces'])
  })

  test("in the context's namespace it wins over others", async () => {
    const cluster = memoryCluster([running('web-1'), stuck('web-1', { namespace: 'blog' })], shop)
    expect(namesOf(await locate(cluster, 'web-1'))).toEqual(['shop/web-1'])
    expect(cluster.requests).toBe(1)
  })

  test('in several namespaces: the only one that fails', async () => {
    const cluster = memoryCluster([running('web-1'), stuck('web-1', { namespace: 'blog' })])
    expect(namesOf(await locate(cluster, 'web-1'))).toEqual(['blog/web-1'])
  })

  test('in several namespaces where none or several fail: it must be told which', async () => {
    const cluster = memoryCluster([
      running('a'),
      running('a', { namespace: 'blog' }),
      stuck('b'),
      stuck('b', { namespace: 'blog' }),
    ])
    expect(await locate(cluster, 'a')).toEqual({ found: 'several', candidates: ['blog/a', 'shop/a'] })
    expect(await locate(cluster, 'b')).toEqual({ found: 'several', candidates: ['blog/b', 'shop/b'] })
  })
})

describe('an owner', () => {
  const pods = [
    running('web-6c4f9-2', podOf('web', '6c4f9')),
    stuck('web-6c4f9-1', { ...podOf('web', '6c4f9'), created: '2026-01-09T00:00:00Z' }),
    stuck('web-5d9cf-1', podOf('web', '5d9cf')),
    stuck('web-5d9cf-2', { ...podOf('web', '5d9cf'), created: '2026-01-08T00:00:00Z' }),
    stuck('web-5d9cf-0', { ...podOf('web', '5d9cf'), deleted: true }),
    stuck('like-web', { labels: { app: 'web' } }),
  ]
  const order = ['shop/web-5d9cf-2', 'shop/web-5d9cf-1', 'shop/web-6c4f9-1', 'shop/web-6c4f9-2', 'shop/web-5d9cf-0']

  test.each(['shop/deployment/web', 'deploy/web -n shop', 'deployment/web', 'shop/web', 'web'])(
    '%s: its own pods, failing ones of the newest revision first, those being deleted last',
    async (typed) => {
      expect(namesOf(await locate(memoryCluster([...web, ...pods]), typed))).toEqual(order)
    },
  )

  test('is known by the names of its pods where ReplicaSets may not be read', async () => {
    const forbid = [{ verb: 'list', resource: 'replicasets' }] as const
    const located = await locate(memoryCluster([...web, ...pods], { forbid }), 'shop/deployment/web')
    expect(namesOf(located).toSorted()).toEqual(order.toSorted())
  })

  test('costs three requests', async () => {
    const cluster = memoryCluster([...web, ...pods])
    await locate(cluster, 'shop/deployment/web')
    expect(cluster.asked).toEqual(['get deployments/web in shop', 'list pods in shop', 'list replicasets in shop'])
  })

  test('without pods is found as such', async () => {
    const cluster = memoryCluster(web)
    expect(await locate(cluster, 'shop/web')).toMatchObject({
      found: 'owner',
      kind: 'deployments',
      owner: { metadata: { name: 'web', namespace: 'shop' } },
    })
  })

  const owner = (kind: string, name: string, spec: object = { selector: { matchLabels: { app: name } } }) => ({
    kind,
    metadata: { name, namespace: 'shop' },
    spec,
  })
  const jobSpec = { template: { spec: { containers: [] } } }
  test.each([
    ['statefulset', owner('StatefulSet', 'x'), { app: 'x' }],
    ['daemonset', owner('DaemonSet', 'x'), { app: 'x' }],
    ['replicaset', owner('ReplicaSet', 'x'), { app: 'x' }],
    ['replicationcontroller', owner('ReplicationController', 'x', { selector: { app: 'x' } }), { app: 'x' }],
    ['job', owner('Job', 'x', jobSpec), { 'batch.kubernetes.io/job-name': 'x' }],
    ['job', owner('Job', 'x', jobSpec), { 'job-name': 'x' }],
  ])('%s', async (word, object, labels) => {
    const mine = stuck('x-1', { labels, owner: { kind: object.kind, name: 'x' } })
    const cluster = memoryCluster([object, mine, stuck('other', { labels })])
    expect(namesOf(await locate(cluster, `shop/${word}/x`))).toEqual(['shop/x-1'])
  })

  test('cronjob: the pods of its newest Job', async () => {
    const job = (name: string, created: string) => ({
      kind: 'Job',
      metadata: {
        name,
        namespace: 'shop',
        creationTimestamp: created,
        ownerReferences: [{ kind: 'CronJob', name: 'x' }],
      },
      spec: jobSpec,
    })
    const podOfJob = (name: string) =>
      stuck(`${name}-p`, { labels: { 'job-name': name }, owner: { kind: 'Job', name } })
    const cluster = memoryCluster([
      owner('CronJob', 'x', { jobTemplate: { spec: jobSpec } }),
      job('x-29000002', '2026-01-02T00:00:00Z'),
      job('x-29000001', '2026-01-01T00:00:00Z'),
      podOfJob('x-29000001'),
      podOfJob('x-29000002'),
    ])
    expect(namesOf(await locate(cluster, 'shop/cj/x'))).toEqual(['shop/x-29000002-p'])
  })

  test('of the same name in several namespaces', async () => {
    const blog = deployment('web', ['6c4f9'], 'blog')
    const cluster = memoryCluster([...web, ...blog, running('web-6c4f9-9', podOf('web', '6c4f9'))])
    expect(await locate(cluster, 'web')).toEqual({
      found: 'several',
      candidates: ['blog/deployment/web', 'shop/deployment/web'],
    })
    const failing = memoryCluster([
      ...web,
      ...blog,
      stuck('web-6c4f9-9', { ...podOf('web', '6c4f9'), namespace: 'blog' }),
    ])
    expect(namesOf(await locate(failing, 'deployment/web'))).toEqual(['blog/web-6c4f9-9'])
  })

  test('that is not there: near names of that kind', async () => {
    const cluster = memoryCluster([...web, ...deployment('worker'), ...deployment('something-else')])
    expect(await locate(cluster, 'shop/deployment/wep')).toEqual({
      found: 'none',
      candidates: ['shop/deployment/web'],
      unseen: [],
    })
  })
})

describe('a pod that is gone', () => {
  test.each([
    ['its Deployment', 'web-7b8c9d5f6d-x2k9d', web, podOf('web', '5d9cf'), 'Deployment'],
    [
      'its StatefulSet',
      'db-2',
      [
        {
          kind: 'StatefulSet',
          metadata: { name: 'db', namespace: 'shop' },
          spec: { selector: { matchLabels: { app: 'db' } } },
        },
      ],
      { labels: { app: 'db' }, owner: { kind: 'StatefulSet', name: 'db' } },
      'StatefulSet',
    ],
    [
      'its Job',
      'build-x2k9d',
      [
        {
          kind: 'Job',
          metadata: { name: 'build', namespace: 'shop' },
          spec: { template: { spec: { containers: [] } } },
        },
      ],
      { labels: { 'job-name': 'build' }, owner: { kind: 'Job', name: 'build' } },
      'Job',
    ],
  ] as const)("%s's new pod is meant", async (_, typed, owners, of, kind) => {
    const cluster = memoryCluster([...owners, stuck('now', of)])
    for (const name of [typed, `shop/${typed}`, `pod/${typed}`]) {
      const located = await locate(cluster, name)
      expect(namesOf(located)).toEqual(['shop/now'])
      expect(noteOf(located)).toBe(`Pod ${typed} is gone. Its ${kind}'s pod now fails too: this diagnosis is about it.`)
    }
  })

  test('and whose owner has no pod: the owner', async () => {
    expect(await locate(memoryCluster(web), 'shop/web-7b8c9d5f6d-x2k9d')).toMatchObject({
      found: 'owner',
      kind: 'deployments',
    })
  })
})

describe('the beginning of a name', () => {
  test('of one workload: all its pods', async () => {
    const cluster = memoryCluster([
      running('web-6c4f9-2', podOf('web', '6c4f9')),
      running('web-5d9cf-1', podOf('web', '5d9cf')),
      running('other'),
    ])
    expect(namesOf(await locate(cluster, 'web-'))).toEqual(['shop/web-5d9cf-1', 'shop/web-6c4f9-2'].toSorted())
  })

  test('of several workloads: the one that fails', async () => {
    const cluster = memoryCluster([running('web-a'), running('web-b'), stuck('web-c')])
    expect(namesOf(await locate(cluster, 'shop/web'))).toEqual(['shop/web-c'])
  })

  test('fails without being Pending: it is found among all, and told', async () => {
    const half = podWith({ waiting: { reason: 'ErrImagePull' } }, 'Running', 'web-c', {})
    const located = await locate(memoryCluster([running('web-a'), running('web-b'), half]), 'shop/web')
    expect(namesOf(located)).toEqual(['shop/web-c'])
    expect(noteOf(located)).toBe('3 workloads have pods that begin with "web". This is the only one that fails.')
  })

  test('of several that fail, or of several healthy ones: it must be told which', async () => {
    const cluster = memoryCluster([stuck('web-a'), stuck('web-b'), running('api-a'), running('api-b')])
    expect(await locate(cluster, 'web')).toEqual({ found: 'several', candidates: ['shop/web-a', 'shop/web-b'] })
    expect(await locate(cluster, 'api')).toEqual({ found: 'several', candidates: ['shop/api-a', 'shop/api-b'] })
  })
})

describe('nothing of that name', () => {
  test('near names, the failing ones first, one for each workload, at most five', async () => {
    const cluster = memoryCluster([
      running('my-app-6c4f9-1', podOf('my-app', '6c4f9')),
      running('my-app-6c4f9-2', podOf('my-app', '6c4f9')),
      stuck('my-api-6c4f9-1', podOf('my-api', '6c4f9')),
      ...['3', '4', '5', '6', '7'].map((it) => running(`my-ap${it}x`)),
      running('something-else'),
    ])
    const located = await locate(cluster, 'my-apq')
    expect(located).toMatchObject({ found: 'none', unseen: [] })
    expect(located.found === 'none' && located.candidates.slice(0, 2)).toEqual([
      'shop/my-api-6c4f9-1',
      'shop/my-app-6c4f9-1',
    ])
    expect(located.found === 'none' && located.candidates.length).toBe(5)
  })

  test('the same name in another namespace', async () => {
    const cluster = memoryCluster([stuck('web-1')])
    expect(await locate(cluster, 'shpo/web-1')).toEqual({ found: 'none', candidates: ['shop/web-1'], unseen: [] })
  })

  test('what was too much to look at is told', async () => {
    const cluster = memoryCluster(Array.from({ length: 5_200 }, (_, index) => running(`crowd-${index}`)))
    expect(await locate(cluster, 'shop/nothing-like-it')).toMatchObject({
      found: 'none',
      unseen: ['pods beyond the first 5000'],
    })
  })
})

describe('where not everything may be looked at', () => {
  const namespaces = ['shop', 'blog', 'secret'].map((name) => ({ kind: 'Namespace', metadata: { name } }))
  const objects = [...namespaces, stuck('web-1', { namespace: 'blog' }), stuck('db-1', { namespace: 'secret' })]
  const forbid = [
    { verb: 'get', resource: 'pods', namespace: 'secret' },
    { verb: 'list', resource: 'pods', namespace: 'secret' },
  ] as const

  test('a pod is found in a namespace that may be listed', async () => {
    const cluster = memoryCluster(objects, { ...shop, forbid })
    expect(namesOf(await locate(cluster, 'web-1'))).toEqual(['blog/web-1'])
    expect(namesOf(await locate(cluster, 'web'))).toEqual(['blog/web-1'])
  })

  test('the namespaces that may not be are named', async () => {
    const cluster = memoryCluster(objects, { ...shop, forbid })
    expect(await locate(cluster, 'db-1')).toEqual({ found: 'none', candidates: [], unseen: ['pods in secret'] })
  })

  test('a target that may not be looked at itself is not called missing', async () => {
    const cluster = memoryCluster(objects, { ...shop, forbid })
    await expect(locate(cluster, 'secret/db-1')).rejects.toMatchObject({
      code: 'forbidden',
      request: 'get pods/db-1 in secret',
    })
  })

  test("where namespaces may not be listed either, the context's own is looked at", async () => {
    const cluster = memoryCluster(objects, {
      namespace: 'blog',
      forbid: [...forbid, { verb: 'list', resource: 'namespaces' }],
    })
    expect(namesOf(await locate(cluster, 'web'))).toEqual(['blog/web-1'])
    expect(await locate(cluster, 'db-1')).toMatchObject({ found: 'none', unseen: ['pods in other namespaces'] })
  })

  test('where nothing may be looked at, that is the error', async () => {
    const nothing = (['get', 'list'] as const).map((verb) => ({ verb, resource: 'pods' as const }))
    const cluster = memoryCluster(objects, { forbid: nothing })
    await expect(locate(cluster, 'web-1')).rejects.toMatchObject({
      code: 'forbidden',
      request: 'list pods in all namespaces',
    })
  })

  test('an owner that may not be read', async () => {
    const cluster = memoryCluster(objects, { forbid: [{ verb: 'get', resource: 'deployments' }] })
    await expect(locate(cluster, 'shop/deployment/web')).rejects.toMatchObject({ code: 'forbidden' })
    expect(await locate(cluster, 'shop/web-9')).toMatchObject({ found: 'none', unseen: ['deployments in shop'] })
  })
})

test('a cluster that does not answer is an error at the time limit', async () => {
  const cluster = memoryCluster([], { hang: [{ verb: 'get', resource: 'pods' }] })
  const looking = locateTarget(cluster, { namespace: 'shop', name: 'web-1' }, AbortSignal.timeout(20))
  await expect(looking).rejects.toMatchObject({ name: 'ClusterError', code: 'timeout' })
})

test('a word of a sentence is never taken as the beginning of a name: it is named as a candidate', async () => {
  const cluster = memoryCluster([stuck('shopping-cart-0', { namespace: 'other' }), running('web-1')])
  expect(await locate(cluster, 'why is shop broken')).toMatchObject({
    found: 'none',
    candidates: ['other/shopping-cart-0'],
  })
  expect(namesOf(await locate(cluster, 'why is web-1 broken'))).toEqual(['shop/web-1'])
  expect(namesOf(await locate(cluster, 'shop'))).toEqual(['other/shopping-cart-0'])
})
