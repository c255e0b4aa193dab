import { expect, test } from 'vitest'
import type { Cluster, Permission } from '../../src/kubernetes/cluster.ts'
import { rightsIn } from '../../src/remediation/action-id.ts'
import { createRights } from '../../src/remediation/rights.ts'
import { only } from '../support/only.ts'

const need: Permission = { verb: 'delete', group: '', resource: 'pods', namespace: 'shop' }

/** A cluster whose API server answers when it is told to, or when its caller gives up. */
function slowCluster() {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  let asked = 0
  const cluster = only<Cluster>({
    name: 'test',
    async may(_need: Permission, signal?: AbortSignal): Promise<boolean> {
      asked += 1
      const { promise: stopped, reject } = Promise.withResolvers<never>()
      signal?.addEventListener('abort', () => reject(new Error('its caller gave up')))
      return Promise.race([promise, stopped])
    },
  })
  return { cluster, answer: resolve, asked: () => asked }
}

test('a caller that stops waiting takes the answer from nobody else', async () => {
  const { cluster, answer, asked } = slowCluster()
  const rights = createRights(() => new Date('2026-11-24T02:58:00Z'))
  const impatient = new AbortController()
  const first = rights.missing(cluster, [need], impatient.signal)
  const second = rights.missing(cluster, [need], new AbortController().signal)
  impatient.abort()
  await expect(first).rejects.toMatchObject({ name: 'ClusterError', code: 'aborted' })
  answer(true)
  expect(await second).toEqual([])
  expect(await rights.missing(cluster, [need])).toEqual([])
  expect(asked()).toBe(1)
})

test('a caller that has stopped already does not wait', async () => {
  const { cluster } = slowCluster()
  const rights = createRights(() => new Date('2026-11-24T02:58:00Z'))
  await expect(rights.missing(cluster, [need], AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' })
})

test('a restart needs the right to patch the kind of the workload, in its namespace', () => {
  expect(rightsIn('restart-registry', 'infra', 'statefulsets')).toEqual([
    { verb: 'patch', group: 'apps', resource: 'statefulsets', namespace: 'infra' },
  ])
  expect(rightsIn('delete-stuck-pod', 'shop')).toEqual([{ verb: 'delete', resource: 'pods', namespace: 'shop' }])
})
