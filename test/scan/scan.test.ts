import pc from 'picocolors'
import { expect, test } from 'vitest'
import { scanText } from '../../src/cli/render/scan.ts'
import type { Finding } from '../../src/scan/findings.ts'
import { type ScanReport, scan } from '../../src/scan/scan.ts'
import type { Rule } from '../../src/simulator/cluster/api/address.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { basicAccess } from '../../src/simulator/registry/access.ts'
import type { SampleRegistryOptions } from '../../src/simulator/registry/server.ts'
import { checkWorld, nodeManifest, servedRegistry } from '../support/preflight-world.ts'

const otherDigest = `sha256:${'a'.repeat(64)}`

interface Workload {
  readonly name: string
  readonly image: string
  readonly replicas?: number
  readonly nodes?: readonly string[]
  readonly imageID?: string
  readonly container?: object
  readonly waiting?: object
  /** The image of the Deployment's template, if its pods have another one still. */
  readonly template?: string
}

/** A Deployment with its running pods. */
function running(workload: Workload): string {
  const { name, image, replicas = 1, nodes = ['node-1'], imageID = '', container = {}, waiting, template } = workload
  const labels = { app: name, 'pod-template-hash': 'abc' }
  const spec = { containers: [{ name: 'main', image, ...container }] }
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-abc`, uid: `rs-${name}`, controller: true }
  const pods = Array.from({ length: replicas }, (_, index) => ({
    kind: 'Pod',
    metadata: { name: `${name}-abc-${index}`, namespace: 'shop', labels, ownerReferences: [owner] },
    spec: { ...spec, nodeName: nodes[index % nodes.length] },
    status: {
      phase: waiting ? 'Pending' : 'Running',
      conditions: [{ type: 'Ready', status: waiting ? 'False' : 'True' }],
      containerStatuses: [
        { name: 'main', ready: !waiting, image, imageID, state: waiting ? { waiting } : { running: {} } },
      ],
    },
  }))
  const deployment = {
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      replicas,
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: template ?? image, ...container }] },
      },
    },
  }
  return [deployment, ...pods].map((it) => JSON.stringify(it)).join('\n---\n')
}

interface Given {
  readonly forbid?: readonly Rule[]
  readonly registry?: SampleRegistryOptions
  /** Manifests of the cluster. `digest`: of the image that the registry has. */
  readonly workloads: (host: string, digest: string) => readonly string[]
}

async function scanned({ workloads, forbid = [], registry = {} }: Given) {
  const image = { repository: 'team/app', tags: ['1.0', '2.0'] }
  const { host, storage, asked } = await servedRegistry({ images: [image], registry })
  const digest = storage.repositories.get('team/app')?.tags.get('1.0') ?? ''
  const nodes = [nodeManifest('node-1', 'amd64'), nodeManifest('node-2', 'amd64')]
  const cluster = memoryCluster([...nodes, ...workloads(host, digest)].join('\n---\n'), { forbid })
  const report = await scan(checkWorld(cluster), { now: new Date('2026-06-01T00:00:00Z') })
  return { report, asked }
}

const short = ({ level, cause, workloads }: Finding): string =>
  `${level} ${cause}: ${workloads.map(({ name, risk }) => `${name} ${risk}`).join(', ')}`
const printed = (report: ScanReport): string => scanText(report, pc.createColors(false))

test('workloads that could be made again are no finding', async () => {
  const { report } = await scanned({
    workloads: (host, digest) => [
      running({ name: 'web', image: `${host}/team/app:1.0`, imageID: `${host}/team/app@${digest}` }),
      running({ name: 'api', image: `${host}/team/app:2.0`, replicas: 3 }),
    ],
  })
  expect(report).toMatchObject({ findings: [], unknown: [], failing: [], workloads: 2, pods: 4, images: 2 })
  expect(printed(report)).toBe('2 workloads, 4 pods, 2 images: all can be pulled again.\n')
})

test('a tag that is gone threatens all that use it, and those first that would be down', async () => {
  const { report } = await scanned({
    workloads: (host) => [
      running({ name: 'api', image: `${host}/team/app:0.9`, replicas: 2, nodes: ['node-1', 'node-2'] }),
      running({ name: 'web', image: `${host}/team/app:0.9` }),
    ],
  })
  expect(report.findings.map(short)).toEqual(['fails tag-missing: web down, api degraded'])
  expect(printed(report)).toContain('shop Deployment/web: would be DOWN (1 of 1 ready, all on node-1)')
})

test('a pull secret that was deleted since its pods were made', async () => {
  const { report } = await scanned({
    registry: { access: basicAccess(new Map([['puller', 'right']]), 'test') },
    workloads: (host) => [
      running({ name: 'web', image: `${host}/team/app:1.0` }),
      JSON.stringify({ kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'shop' } }),
    ],
  })
  expect(report.findings.map(short)).toEqual(['fails credentials-missing: web down'])
})

test('a tag that was pushed again', async () => {
  const { report } = await scanned({
    workloads: (host) => [
      running({ name: 'web', image: `${host}/team/app:1.0`, imageID: `${host}/team/app@${otherDigest}` }),
    ],
  })
  expect(report.findings.map(short)).toEqual(['changes tag-moved: web down'])
  expect(printed(report)).toContain('pods run sha256:aaaaaaaaaaaa')
})

test('in a rollout, pods of the revision before tell nothing about the tag of this one', async () => {
  const { report } = await scanned({
    workloads: (host) => [
      running({
        ...{ name: 'web', image: `${host}/team/app:1.0`, imageID: `${host}/team/app@${otherDigest}` },
        template: `${host}/team/app:2.0`,
      }),
    ],
  })
  expect(report.findings).toEqual([])
})

test('an image that is never pulled, and on one node only', async () => {
  const { report } = await scanned({
    workloads: () => [
      running({ name: 'web', image: 'local/tool:1.0', container: { imagePullPolicy: 'Never' } }),
      nodeManifest('node-3', 'amd64', {}, { images: [{ names: ['docker.io/local/tool:1.0'] }] }),
    ],
  })
  expect(report.findings.map(short)).toEqual(['changes image-on-one-node: web down'])
})

test('a workload that cannot pull already is not scanned, and named', async () => {
  const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image' }
  const { report, asked } = await scanned({
    workloads: (host) => [running({ name: 'web', image: `${host}/team/app:0.9`, waiting })],
  })
  expect(report).toMatchObject({ findings: [], failing: ['shop Deployment/web'], workloads: 0 })
  expect(asked).toEqual([])
})

test('a registry that cannot be reached is not found out, never missing', async () => {
  const { report } = await scanned({ workloads: () => [running({ name: 'web', image: '127.0.0.1:1/team/app:1.0' })] })
  expect(report.findings).toEqual([])
  expect(report.unknown).toMatchObject([{ image: '127.0.0.1:1/team/app:1.0', workloads: 1 }])
  expect(printed(report)).toContain('1 workload, 1 pod, 1 image: 1 could not be found out.')
})

test('where Deployments may not be listed, their pods stand for them, and it is said', async () => {
  const { report } = await scanned({
    forbid: [{ verb: 'list', resource: 'deployments' }],
    workloads: (host) => [running({ name: 'web', image: `${host}/team/app:0.9` })],
  })
  expect(report.findings.map(short)).toEqual(['fails tag-missing: web down'])
  expect(report.unseen).toEqual(['deployments may not be listed, so their pods stand for them'])
})

test('an image is asked for once, however many workloads use it', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `web-${index}`)
  const { report, asked } = await scanned({
    workloads: (host) => names.map((name) => running({ name, image: `${host}/team/app:1.0` })),
  })
  expect(report.workloads).toBe(30)
  expect(asked.filter((it) => it.startsWith('HEAD')).length).toBe(1)
})
