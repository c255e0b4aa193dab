import { describe, expect, test } from 'vitest'
import { botResolve } from '../../../src/demo/sample/addresses.ts'
import { podManifest, smallCluster } from '../../support/small-cluster.ts'

const registry = JSON.stringify({
  kind: 'Service',
  metadata: { namespace: 'shop', name: 'registry' },
  spec: { clusterIP: '10.43.0.5', selector: { app: 'registry' }, ports: [{ port: 5000 }] },
})
const images = [{ repository: 'registry', tags: ['2'], labels: { 'imagepull.dev/program': 'registry' } }]
const pod = (spec: object = {}) =>
  podManifest('registry', 'registry.test:5000/registry:2', spec, { ports: [{ containerPort: 5000 }] })

describe('where a connection leads', () => {
  test.each([
    ['a name and its port', {}, 'registry.test', 5000, { to: 'port', address: '198.51.100.7' }],
    ['another port of it', {}, 'registry.test', 443, { to: 'refusal', address: '198.51.100.7' }],
    ['its address', {}, '198.51.100.7', 5000, { to: 'port' }],
    ['an address that nobody has', {}, '198.51.100.99', 5000, { to: 'nowhere' }],
    ['a name that nobody has', {}, 'nope.test', 443, { to: 'no-name' }],
    ['a Service without a pod', {}, '10.43.0.5', 5000, { to: 'refusal' }],
    ['a port that the Service has not', {}, '10.43.0.5', 443, { to: 'nowhere' }],
    ['a Service by name, from a pod', { node: 'node-1', isPod: true }, 'registry.shop.svc', 5000, { to: 'refusal' }],
    ['a Service by name, from a node', { node: 'node-1' }, 'registry.shop.svc', 5000, { to: 'no-name' }],
    ['what one node meets instead', { node: 'node-2' }, 'registry.test', 5000, { to: 'nowhere' }],
  ])('%s', async (_, from, host, port, way) => {
    const { network, apply } = await smallCluster()
    await apply(registry)
    network.divert('node-2', '198.51.100.7', 5000, 'nowhere')
    expect(network.way(from, host, port)).toMatchObject(way)
  })

  test('what was diverted is restored', async () => {
    const { network } = await smallCluster()
    network.divert('node-2', '198.51.100.7', 5000, 4)
    expect(network.way({ node: 'node-2' }, 'registry.test', 5000)).toMatchObject({ to: 'port', port: 4 })
    network.restore('node-2', '198.51.100.7', 5000)
    expect(network.way({ node: 'node-2' }, 'registry.test', 5000)).toEqual(network.way({}, 'registry.test', 5000))
  })
})

describe('a registry in the cluster', () => {
  const push = async (port: number) =>
    fetch(`http://127.0.0.1:${port}/v2/app/manifests/1`, { method: 'PUT', body: JSON.stringify({ layers: [] }) })
  const tags = async (port: number) => (await fetch(`http://127.0.0.1:${port}/v2/app/tags/list`)).status

  test.each([
    ['keeps what a claim holds', { volumes: [{ name: 'storage', persistentVolumeClaim: { claimName: 'data' } }] }, 200],
    ['loses what lived in its pod', { volumes: [{ name: 'storage', emptyDir: {} }] }, 404],
  ])('%s', async (_, spec, status) => {
    const cluster = await smallCluster(images)
    const { network, apply, until } = cluster
    const port = () =>
      until('it listens', () => {
        const way = network.way({}, '10.43.0.5', 5000)
        return way.to === 'port' && way.port
      })
    await apply(registry)
    await apply(pod(spec))
    expect((await push(await port())).status).toBe(201)
    await cluster.handle({ method: 'DELETE', path: '/api/v1/namespaces/shop/pods/registry', headers: {}, body: '' })
    await until(
      'it is gone',
      () => cluster.pods('registry').length === 0 && network.way({}, '10.43.0.5', 5000).to === 'refusal',
    )
    await apply(pod(spec))
    expect(await tags(await port())).toBe(status)
  })
})

describe('what the bot is told', () => {
  test.each([
    ['nowhere', '198.51.100.99', 7_777],
    ['refusal', '198.51.100.7', 1],
  ])('%s', async (_, host, port) => {
    const { network } = await smallCluster()
    expect(await botResolve(network, 7_777)(host, 443)).toEqual([{ address: '127.0.0.1', family: 4, port }])
  })

  test('a name that nobody has is no name for it either', async () => {
    const { network } = await smallCluster()
    await expect(botResolve(network, 7_777)('nope.test', 443)).rejects.toMatchObject({ code: 'ENOTFOUND' })
  })
})
