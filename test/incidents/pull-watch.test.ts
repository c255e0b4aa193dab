import { describe, expect, test } from 'vitest'
import { createPullWatch } from '../../src/incidents/reconcile/pull-watch.ts'
import type { WatchedCluster } from '../../src/incidents/watched-cluster.ts'
import { ClusterError } from '../../src/kubernetes/errors.ts'
import { apiServerInMemory } from '../../src/simulator/cluster/api/server.ts'
import type { ApiServerOptions, ObjectStore, StoredObject } from '../../src/simulator/cluster/api/store.ts'
import { clusterOver, type MemoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { testStore } from '../support/test-store.ts'

/** Milliseconds: nobody waits in these tests. */
const timing = { rest: 1, standby: 5, first: 1, longest: 8, denied: 100_000 }

function pod(name: string, reason: string | undefined, phase = 'Pending'): StoredObject {
  const state = reason ? { waiting: { reason, message: '' } } : { running: {} }
  return {
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, labels: {} },
    spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] },
    status: { phase, containerStatuses: [{ name: 'app', image: 'registry.example/app:1', restartCount: 0, state }] },
  } as unknown as StoredObject // what a manifest may hold
}

interface Watched {
  readonly store: ObjectStore
  readonly cluster: MemoryCluster
  /** How often a reconciliation was asked for. */
  looks(): number
  readonly problems: unknown[]
  start(): Promise<void>
  stop(): void
}

interface WatchedOptions extends ApiServerOptions {
  readonly namespaces?: readonly string[]
  readonly shared?: ReturnType<typeof testStore>
  /** Changes the path of a request. */
  readonly rewrite?: (path: string) => string
}

function watched(options: WatchedOptions = {}): Watched {
  const { namespaces = [], shared = testStore(), rewrite = (path: string) => path } = options
  const api = apiServerInMemory([pod('well', undefined, 'Running')], options)
  const cluster = clusterOver((request) => api.handle({ ...request, path: rewrite(request.path) }))
  const stop = new AbortController()
  const problems: unknown[] = []
  let looks = 0
  const watch = createPullWatch({
    store: shared,
    queue: {
      add: async () => {
        looks += 1
      },
    },
    onProblem: (_cluster, error) => problems.push(error),
    timing,
    random: () => 1,
  })
  const of = { name: 'test', cluster, namespaces } as unknown as WatchedCluster // the watch needs no more of it
  return {
    store: api.store,
    cluster,
    looks: () => looks,
    problems,
    start: () => watch(of, stop.signal),
    stop: () => stop.abort(),
  }
}

const patient = { timeout: 30_000, interval: 5 }

describe('a watch on pending pods', () => {
  test('asks for a reconciliation when it begins, when a pull fails, and when it heals or its pod goes', async () => {
    const it = watched()
    const running = it.start()
    await expect.poll(it.looks, patient).toBe(1)
    it.store.put('pods', pod('a', 'ErrImagePull'))
    await expect.poll(it.looks, patient).toBe(2)
    it.store.put('pods', pod('a', undefined, 'Running')) // not pending any more
    await expect.poll(it.looks, patient).toBe(3)
    it.store.put('pods', pod('b', 'ImagePullBackOff'))
    await expect.poll(it.looks, patient).toBe(4)
    it.store.remove('pods', { namespace: 'shop', name: 'b' })
    await expect.poll(it.looks, patient).toBe(5)
    it.stop()
    await running
    expect(it.problems).toEqual([])
  })

  test('is silent about pods that start, and about what a failing pod says next', async () => {
    const it = watched()
    const running = it.start()
    await expect.poll(it.looks, patient).toBe(1)
    it.store.put('pods', pod('starts', 'ContainerCreating'))
    it.store.put('pods', pod('starts', undefined, 'Running'))
    it.store.put('pods', pod('fails', 'ErrImagePull'))
    await expect.poll(it.looks, patient).toBe(2)
    for (const reason of ['ImagePullBackOff', 'ErrImagePull', 'ImagePullBackOff'])
      it.store.put('pods', pod('fails', reason))
    it.store.put('pods', pod('last', 'ErrImagePull')) // events come in order
    await expect.poll(it.looks, patient).toBe(3)
    it.stop()
    await running
  })

  test('many failures at once are few reconciliations', async () => {
    const it = watched()
    const running = it.start()
    await expect.poll(it.looks, patient).toBe(1)
    for (let n = 0; n < 500; n++) it.store.put('pods', pod(`many-${n}`, 'ErrImagePull'))
    await expect.poll(it.looks, patient).toBeGreaterThan(1)
    it.store.put('pods', pod('last', 'ErrImagePull'))
    it.stop()
    await running
    expect(it.looks()).toBeLessThan(50)
  })

  test('lists again and reconciles where the API server has forgotten the changes since', async () => {
    let expired = 0
    const rewrite = (path: string) =>
      path.includes('watch=true') && expired++ < 3 ? path.replace(/resourceVersion=\d+/, 'resourceVersion=0') : path
    const it = watched({ rewrite })
    const running = it.start()
    await expect.poll(() => it.cluster.asked.filter((asked) => asked === 'list pods').length, patient).toBe(4)
    it.store.put('pods', pod('a', 'ErrImagePull'))
    await expect.poll(it.looks, patient).toBeGreaterThan(1)
    it.stop()
    await running
    expect(it.problems).toEqual([])
  })

  test('goes on from the last change where the API server ends a watch, without another list', async () => {
    const rewrite = (path: string) => path.replace(/timeoutSeconds=\d+/, 'timeoutSeconds=0.01')
    const it = watched({ rewrite })
    const running = it.start()
    const count = (word: string) => it.cluster.asked.filter((asked) => asked.startsWith(word)).length
    await expect.poll(() => count('watch'), patient).toBeGreaterThan(3)
    for (let n = 1; n <= 5; n++) {
      it.store.put('pods', pod(`a-${n}`, 'ErrImagePull'))
      await expect.poll(it.looks, patient).toBe(1 + n)
    }
    it.stop()
    await running
    expect(count('list')).toBe(1)
    expect(it.problems).toEqual([])
  })

  test('tries again where the API server fails, and reconciles once it is back', async () => {
    let failing = true
    const rewrite = (path: string) => (failing ? '/nothing' : path)
    const it = watched({ rewrite })
    const running = it.start()
    await expect.poll(() => it.problems.length, patient).toBeGreaterThan(3)
    expect(it.looks()).toBe(0)
    failing = false
    await expect.poll(it.looks, patient).toBe(1)
    it.stop()
    await running
  })

  test('where RBAC denies it, it says so once, and does not ask again soon', async () => {
    const it = watched({ forbid: [{ verb: 'watch', resource: 'pods' }] })
    const running = it.start()
    await expect.poll(() => it.problems.length, patient).toBe(1)
    expect(it.problems[0]).toMatchObject({ code: 'forbidden' })
    expect(it.problems[0]).toBeInstanceOf(ClusterError)
    it.stop()
    await running
    expect(it.cluster.asked.filter((asked) => asked.startsWith('watch'))).toHaveLength(1)
  })

  test('in listed namespaces it watches these alone', async () => {
    const it = watched({ namespaces: ['shop', 'other'] })
    const running = it.start()
    await expect.poll(() => it.cluster.asked.filter((asked) => asked.startsWith('watch')).length, patient).toBe(2)
    expect(it.cluster.asked).toContain('watch pods in shop')
    expect(it.cluster.asked).not.toContain('watch pods in all namespaces')
    it.stop()
    await running
  })

  test('of several workers one watches, and another takes over when it ends', async () => {
    const shared = testStore()
    const [first, second] = [watched({ shared }), watched({ shared })]
    const running = first.start()
    await expect.poll(first.looks, patient).toBe(1)
    const other = second.start()
    second.store.put('pods', pod('a', 'ErrImagePull'))
    first.store.put('pods', pod('a', 'ErrImagePull'))
    await expect.poll(first.looks, patient).toBe(2)
    expect(second.cluster.asked).toEqual([])
    first.stop()
    await running
    await expect.poll(second.looks, patient).toBe(1)
    second.stop()
    await other
  })
})
