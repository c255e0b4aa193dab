import { describe, expect, test } from 'vitest'
import { findRegistryService, runsInCluster } from '../../src/registry/access/find-service.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'

const cluster = memoryCluster(`
kind: Service
metadata: { name: kubernetes, namespace: default }
spec: { clusterIP: 10.43.0.1, clusterIPs: [10.43.0.1], ports: [{ port: 443 }] }
---
kind: Service
metadata: { name: registry, namespace: infra }
spec:
  type: LoadBalancer
  clusterIP: 10.43.170.72
  clusterIPs: [10.43.170.72, "fd00:43::72"]
  externalIPs: [192.0.2.10]
  ports: [{ port: 5000, nodePort: 31500 }]
status: { loadBalancer: { ingress: [{ ip: 192.0.2.20 }] } }
---
kind: Service
metadata: { name: headless, namespace: infra }
spec: { clusterIP: None, ports: [{ port: 80, targetPort: 5000 }] }
---
kind: EndpointSlice
metadata: { name: headless-1, namespace: infra, labels: { kubernetes.io/service-name: headless } }
ports: [{ port: 5000 }]
endpoints:
  - { addresses: [10.42.0.7], conditions: { ready: true } }
  - { addresses: [10.42.0.8], conditions: { ready: false } }
---
kind: Node
metadata: { name: node-1 }
status: { addresses: [{ type: InternalIP, address: 10.0.0.11 }, { type: Hostname, address: node-1 }] }
`)

test.each([
  ['10.43.170.72:5000', 'registry'],
  ['[fd00:43:0::72]:5000', 'registry'],
  ['192.0.2.10:5000', 'registry'],
  ['192.0.2.20:5000', 'registry'],
  ['10.0.0.11:31500', 'registry'],
  ['localhost:31500', 'registry'],
  ['127.0.0.1:31500', 'registry'],
  ['registry.infra.svc:5000', 'registry'],
  ['registry.infra.svc.cluster.local:5000', 'registry'],
  ['Registry.infra.svc.cluster.local.:5000', 'registry'],
  ['10.0.0.12:31500', undefined], // no node has that address
  ['localhost:5000', undefined],
  ['10.43.170.73:5000', undefined],
  ['kubernetes.default.svc.attacker.example:443', undefined],
  ['registry.infra.svc.cluster.local.attacker.example', undefined],
  ['registry.infra.example:5000', undefined],
  ['registry.infra.svc.cluster', undefined],
])('%s means the Service %s', async (host, name) => {
  expect((await findRegistryService(cluster, host))?.metadata.name).toBe(name)
})

test.each([
  ['registry.infra.svc.corp.internal:5000', 'registry'],
  ['registry.infra.svc:5000', 'registry'],
  ['registry.infra.svc.cluster.local:5000', undefined],
  ['registry.infra.svc.corp.internal.attacker.example:5000', undefined],
  ['registry.infra.svc.internal:5000', undefined],
])('in the cluster domain corp.internal, %s means the Service %s', async (host, name) => {
  const renamed = { ...cluster, domain: 'corp.internal' }
  expect((await findRegistryService(renamed, host))?.metadata.name).toBe(name)
})

describe('a connection reaches the Service', () => {
  test.each([
    ['10.43.170.72:5000', '10.43.170.72', true],
    ['registry.infra.svc:5000', '10.43.170.72', true],
    ['registry.infra.svc:5000', 'fd00:43::72', true],
    ['registry.infra.svc:5000', '192.0.2.20', true],
    ['headless.infra.svc:5000', '10.42.0.7', true],
    ['10.0.0.11:31500', '10.0.0.11', true],
    ['headless.infra.svc:5000', '10.42.0.8', false], // not ready
    ['headless.infra.svc:22', '10.42.0.7', false],
    ['registry.infra.svc:5000', '10.43.0.1', false], // another Service's
    ['registry.infra.svc:5000', '127.0.0.1', false],
    ['registry.infra.svc:22', '10.43.170.72', false],
    ['localhost:31500', '127.0.0.1', false], // our own loopback is no node's
    ['kubernetes.default.svc.attacker.example:443', '10.43.0.1', false],
    ['kubernetes.default.svc.attacker.example:443', '203.0.113.7', false],
  ])('%s at %s: %s', async (host, address, reached) => {
    expect(await runsInCluster(cluster, host, address)).toBe(reached)
  })
})

test('who may not list Services does not say that there is none', async () => {
  const blind = { ...cluster, list: () => Promise.reject(new Error('forbidden')) }
  await expect(findRegistryService(blind, '10.43.170.72:5000')).rejects.toThrow('forbidden')
})

test('nor who has seen only some of them', async () => {
  const many = { ...cluster, list: async () => ({ items: [], complete: false }) }
  await expect(findRegistryService(many, '10.43.170.72:5000')).rejects.toThrow('not all Services were searched')
})
