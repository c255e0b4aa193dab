import { describe, expect, onTestFinished, test } from 'vitest'
import type { Cluster } from '../../src/kubernetes/cluster.ts'
import { connectCluster } from '../../src/kubernetes/connect.ts'
import { apiServerInMemory } from '../../src/simulator/cluster/api/server.ts'
import type { ApiServerOptions } from '../../src/simulator/cluster/api/store.ts'
import {
  kubeconfigFile,
  loopbackServer,
  memoryCluster,
  memoryClusterListener,
} from '../../src/simulator/cluster/memory-cluster.ts'

const manifests = `
kind: Pod
metadata: { name: web-1, namespace: shop, labels: { app: web } }
spec: { nodeName: node-1, containers: [{ name: main, image: nginx }] }
status: { phase: Pending }
---
kind: Pod
metadata: { name: web-2, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: main }] }
status: { phase: Running }
---
kind: Pod
metadata: { name: web-1, namespace: blog, labels: { app: web } }
spec: { containers: [{ name: main }] }
status: { phase: Running }
---
kind: Service
metadata: { name: registry, namespace: shop }
spec: { clusterIP: 10.43.170.72, ports: [{ port: 5000 }] }
---
kind: Job
metadata: { name: build, namespace: shop }
spec: { template: { spec: { containers: [] } } }
status: { succeeded: 1 }
---
kind: Node
metadata: { name: node-1 }
`

type Connect = (manifests: string | readonly unknown[], options?: ApiServerOptions) => Promise<Cluster>

async function overLoopback(...[given, options]: Parameters<Connect>): Promise<Cluster> {
  const server = await loopbackServer(memoryClusterListener(apiServerInMemory(given, options).handle))
  const file = kubeconfigFile(server.address)
  onTestFinished(async () => {
    file[Symbol.dispose]()
    await server[Symbol.asyncDispose]()
  })
  return connectCluster({ kubeconfig: file.path })
}

const connections: readonly (readonly [how: string, connect: Connect])[] = [
  ['in memory', async (given, options) => memoryCluster(given, { ...options, namespace: 'shop' })],
  ['over a kubeconfig and HTTP', overLoopback],
]

const many = Array.from({ length: 1_200 }, (_, index) => ({
  kind: 'Pod',
  metadata: { name: `pod-${String(index).padStart(4, '0')}`, namespace: 'shop' },
  spec: { containers: [] },
}))

function names({ items }: { readonly items: readonly { readonly metadata: { readonly name: string } }[] }): string[] {
  return items.map((it) => it.metadata.name)
}

describe.each(connections)('a cluster %s', (_, connect) => {
  test('has the name and the namespace of its context', async () => {
    expect(await connect(manifests)).toMatchObject({ name: 'test', namespace: 'shop', requests: 0 })
  })

  test('gets an object, or undefined where the server says that there is none', async () => {
    const cluster = await connect(manifests)
    const pod = await cluster.get('pods', { namespace: 'shop', name: 'web-1' })
    expect(pod).toMatchObject({ metadata: { name: 'web-1', namespace: 'shop' }, status: { phase: 'Pending' } })
    expect(await cluster.get('pods', { namespace: 'shop', name: 'web-9' })).toBeUndefined()
    expect(await cluster.get('nodes', { name: 'node-1' })).toMatchObject({ metadata: { name: 'node-1' } })
    expect(cluster.requests).toBe(3)
  })

  test.each(['..', '../secrets', 'a/b', 'a%2fb', '', 'Web', 'x'.repeat(254)])(
    'never asks for the name %j',
    async (name) => {
      const cluster = await connect(manifests)
      expect(await cluster.get('pods', { namespace: 'shop', name })).toBeUndefined()
      expect(await cluster.logs({ namespace: 'shop', pod: name, tailLines: 1, limitBytes: 1 })).toBeUndefined()
      expect(cluster.requests).toBe(0)
    },
  )

  test.each(['..', 'Shop', 'a/../b'])('never asks in the namespace %j', async (namespace) => {
    const cluster = await connect(manifests)
    expect(await cluster.get('pods', { namespace, name: 'web-1' })).toBeUndefined()
    expect(await cluster.list('pods', { namespace })).toEqual({ items: [], complete: true })
    expect(cluster.requests).toBe(0)
  })

  test('lists by namespace, labels and fields', async () => {
    const cluster = await connect(manifests)
    expect(names(await cluster.list('pods', {}))).toEqual(['web-1', 'web-1', 'web-2'])
    expect(names(await cluster.list('pods', { namespace: 'shop', labels: { app: 'web' } }))).toEqual(['web-1', 'web-2'])
    expect(names(await cluster.list('pods', { labels: { app: 'nothing' } }))).toEqual([])
    expect(
      names(await cluster.list('pods', { fields: { 'status.phase': 'Running', 'metadata.name': 'web-1' } })),
    ).toEqual(['web-1'])
    expect(names(await cluster.list('services', { fields: { 'spec.clusterIP': '10.43.170.72' } }))).toEqual([
      'registry',
    ])
    expect(names(await cluster.list('jobs', { fields: { 'status.successful': '1' } }))).toEqual(['build'])
    expect(names(await cluster.list('pods', { fields: { 'spec.nodeName': 'a,b=c\\d' } }))).toEqual([])
  })

  test.each([
    ['pods', 'spec.image', 'field label not supported: spec.image'],
    ['jobs', 'spec.suspend', 'field label "spec.suspend" not supported for Job'],
    ['deployments', 'spec.x', '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"'],
  ] as const)('cannot select %s by %s', async (resource, field, words) => {
    const cluster = await connect(manifests)
    await expect(cluster.list(resource, { fields: { [field]: 'x' } })).rejects.toMatchObject({
      code: 'invalid-answer',
      message: expect.stringContaining(words),
    })
  })

  test('reads pages up to the limit, and says whether there is more', async () => {
    const cluster = await connect(many)
    const some = await cluster.list('pods', { limit: 700 })
    expect([some.items.length, some.complete, cluster.requests]).toEqual([700, false, 2])
    const all = await cluster.list('pods', { limit: 2_000 })
    expect([new Set(names(all)).size, all.complete, cluster.requests]).toEqual([1_200, true, 5])
    const page = await cluster.list('pods', {})
    expect([page.items.length, page.complete]).toEqual([500, false])
  })

  test('is refused in the words of the server', async () => {
    const cluster = await connect(manifests, {
      forbid: [
        { verb: 'list', resource: 'pods', namespace: 'shop' },
        { verb: 'get', resource: 'deployments' },
      ],
    })
    await expect(cluster.list('pods', { namespace: 'shop' })).rejects.toMatchObject({
      code: 'forbidden',
      request: 'list pods in shop',
      message:
        'not allowed (list pods in shop): 403 pods is forbidden: User "system:serviceaccount:imagepull:imagepull" ' +
        'cannot list resource "pods" in API group "" in the namespace "shop"',
    })
    await expect(cluster.list('pods', {})).rejects.toMatchObject({
      code: 'forbidden',
      request: 'list pods in all namespaces',
    })
    await expect(cluster.get('deployments', { namespace: 'blog', name: 'x' })).rejects.toThrow(
      'deployments.apps "x" is forbidden: User "system:serviceaccount:imagepull:imagepull" cannot get resource "deployments" in API group "apps" in the namespace "blog"',
    )
    await expect(cluster.list('pods', { fields: { 'metadata.name': 'web-1' } })).rejects.toThrow(
      'pods "web-1" is forbidden: User "system:serviceaccount:imagepull:imagepull" cannot list resource "pods" in API group "" at the cluster scope',
    )
    expect(names(await cluster.list('pods', { namespace: 'blog' }))).toEqual(['web-1'])
  })

  test('reads the end of a log, or undefined where there is none', async () => {
    const cluster = await connect(manifests, { logs: { 'shop/web-1/main': 'one\ntwo\nthree\n' } })
    const of = { namespace: 'shop', pod: 'web-1', tailLines: 2, limitBytes: 100 }
    expect(await cluster.logs(of)).toBe('two\nthree\n')
    expect(await cluster.logs({ ...of, limitBytes: 5 })).toBe('two\nt')
    expect(await cluster.logs({ ...of, previous: true })).toBeUndefined()
    expect(await cluster.logs({ ...of, container: 'other' })).toBeUndefined()
    expect(await cluster.logs({ ...of, pod: 'web-9' })).toBeUndefined()
  })

  test('a log that may not be read is not an empty one', async () => {
    const cluster = await connect(manifests, { forbid: [{ verb: 'get', resource: 'pods/log' }] })
    const asked = cluster.logs({ namespace: 'shop', pod: 'web-1', tailLines: 2, limitBytes: 100 })
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('ends a question at its time limit, or when nobody waits any more', async () => {
    const cluster = await connect(manifests, { hang: [{ verb: 'list', resource: 'pods' }] })
    await expect(cluster.list('pods', {}, AbortSignal.timeout(20))).rejects.toMatchObject({ code: 'timeout' })
    const caller = new AbortController()
    const asked = cluster.list('pods', {}, caller.signal)
    caller.abort()
    await expect(asked).rejects.toMatchObject({ code: 'aborted' })
    await expect(cluster.list('pods', {}, caller.signal)).rejects.toMatchObject({ code: 'aborted' })
    expect(await cluster.get('nodes', { name: 'node-1' })).toBeDefined()
  })
})
