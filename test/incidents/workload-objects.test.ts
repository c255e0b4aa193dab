import { expect, test } from 'vitest'
import { workloadObjects } from '../../src/incidents/impact.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'

function deployment(name: string, replicas: unknown): string {
  return JSON.stringify({ kind: 'Deployment', metadata: { name, namespace: 'shop' }, spec: { replicas } })
}

const named = (...names: string[]) => names.map((name) => ({ namespace: 'shop', kind: 'Deployment', name }))

async function states(manifests: readonly string[], ...names: string[]) {
  const cluster = memoryCluster(manifests.join('\n---\n'))
  const objects = await workloadObjects(cluster, named(...names), new AbortController().signal)
  return Object.fromEntries([...objects].map(([key, { is }]) => [key.slice('shop/Deployment/'.length), is]))
}

const three = [deployment('a', 1), deployment('b', 1), deployment('c', 1)]

// From four workloads of a namespace on, they are listed and not read one by one.
test('a workload that a whole list lacks is missing', async () => {
  expect(await states(three, 'a', 'b', 'c', 'd')).toEqual({ a: 'there', b: 'there', c: 'there', d: 'missing' })
})

test('a workload that was sent and is not understood is unknown, never missing', async () => {
  const odd = deployment('d', { of: 'another form' })
  expect(await states([...three, odd], 'a', 'b', 'c', 'd')).toMatchObject({ a: 'there', d: 'unknown' })
})
