import { describe, expect, test } from 'vitest'
import { createRun } from '../../../src/diagnosis/run.ts'
import { pullStalled } from '../../../src/playbooks/image-pull/causes/kubelet/pull-stalled.ts'
import { staleBackoffOfWay } from '../../../src/playbooks/image-pull/causes/kubelet/stale-backoff.ts'
import { networkPolicyBlocksRegistry } from '../../../src/playbooks/image-pull/causes/way/network-policy-blocks-registry.ts'
import { registryDown } from '../../../src/playbooks/image-pull/causes/way/registry-down.ts'
import {
  type RegistryBackend,
  registryBackend,
  registryPolicies,
} from '../../../src/playbooks/image-pull/checks/cluster-registry.ts'
import { neighbours } from '../../../src/playbooks/image-pull/checks/nodes.ts'
import { theCluster } from '../../../src/playbooks/image-pull/inputs.ts'
import { RegistryError } from '../../../src/registry/errors.ts'
import { memoryCluster } from '../../../src/simulator/cluster/memory-cluster.ts'
import { plain } from '../../../src/text.ts'
import { judgeByFacts } from '../../support/judge-by-facts.ts'
import { inCluster } from '../../support/situation-of.ts'

const image = '10.43.0.9:5000/web:1'
const names = {
  namespace: 'shop',
  pod: 'web-1',
  container: 'web',
  image,
  host: '10.43.0.9:5000',
  node: 'n1',
  owner: 'deployment/web',
}
const message = {
  container: 'web',
  image,
  kinds: ['registry-timeout'],
  lastFailure: '2026-11-24T03:00:00Z',
  said: { by: 'event', message: 'i/o timeout', reading: { kind: 'registry-timeout', text: 'i/o timeout' } },
}
const reference = { valid: true, reference: { host: '10.43.0.9:5000', repository: 'web', tag: '1' } }
const pod = {
  name: 'registry-0',
  labels: { app: 'registry' },
  ready: true,
  restarts: 0,
  storage: 'claim',
  limited: true,
  probed: true,
}
const backend = { namespace: 'infra', service: 'registry', readyEndpoints: 1, selects: true, pods: [pod] }
const found = { answer: { status: 'found', asked: { method: 'HEAD', url: 'http://x' }, mediaType: '' }, tried: [] }
const gone = { answer: { status: 'missing', asked: { method: 'GET', url: 'http://x' } }, tried: [] }
const nobody = { pulled: [], failed: [] }
const service = { own: { namespace: 'infra', name: 'registry', port: 5_000, tls: false } }
const facts = {
  ...{ reference, message, names, neighbours: nobody, manifest: found },
  ...{ 'registry-service': service, 'registry-backend': backend },
}

describe('stale-backoff, of the way', () => {
  const since = (availableSince: string): Partial<RegistryBackend> => ({
    ...(backend as RegistryBackend),
    availableSince,
  })

  test.each([
    ['ready since, and it answers', { 'registry-backend': since('2026-11-24T03:01:00Z') }, 'confirmed'],
    [
      'ready since, and it has no such image',
      { 'registry-backend': since('2026-11-24T03:01:00Z'), manifest: gone },
      'confirmed',
    ],
    [
      'ready since, but nobody knows whether it answers',
      { 'registry-backend': since('2026-11-24T03:01:00Z'), manifest: new Error('not from here') },
      'ruled-out',
    ],
    ['ready before the failure', { 'registry-backend': since('2026-11-24T02:59:00Z') }, 'ruled-out'],
    [
      'elsewhere, and this node pulled from it later',
      {
        'registry-backend': undefined,
        neighbours: { ...nobody, pulled: [{ node: 'n1', image, at: '2026-11-24T03:02:00Z' }] },
      },
      'confirmed',
    ],
    [
      'elsewhere, and another node pulled from it',
      {
        'registry-backend': undefined,
        neighbours: { ...nobody, pulled: [{ node: 'n2', image, at: '2026-11-24T03:02:00Z' }] },
      },
      'ruled-out',
    ],
    [
      'elsewhere, and it answers here: that proves nothing about the node',
      { 'registry-backend': undefined },
      'ruled-out',
    ],
    ['no time of the last failure', { message: { ...message, lastFailure: undefined } }, 'ruled-out'],
    [
      'the registry in the cluster could not be looked at',
      { 'registry-backend': new Error('forbidden') },
      'undetermined',
    ],
  ])('%s', async (_name, changed, status) => {
    expect((await judgeByFacts(staleBackoffOfWay, { ...facts, ...changed })).status).toBe(status)
  })

  test('says so where the next try will fail as well', async () => {
    const changed = { 'registry-backend': since('2026-11-24T03:01:00Z'), manifest: gone }
    const verdict = await judgeByFacts(staleBackoffOfWay, { ...facts, ...changed })
    expect(JSON.stringify(verdict)).toContain('the next try will fail too')
    expect(JSON.stringify(verdict)).not.toContain('delete')
  })
})

describe('registry-down', () => {
  const down = { ...backend, readyEndpoints: 0, pods: [{ ...pod, ready: false }] }
  const hanging = (pullingFor: number): object => ({
    ...{ container: 'web', image, kinds: [], state: 'pulling', pullingSince: '2026-11-24T03:00:00Z', pullingFor },
  })

  test.each([
    ['refused, and nothing is ready', { 'registry-backend': down }, 'confirmed'],
    ['refused, and one is ready', {}, 'ruled-out'],
    ['not in this cluster', { 'registry-backend': undefined }, 'ruled-out'],
    ['nobody may look', { 'registry-backend': new Error('forbidden') }, 'undetermined'],
    ['the pull hangs, and nothing is ready', { 'registry-backend': down, message: hanging(20) }, 'confirmed'],
    ['the pull goes on, and one is ready', { message: hanging(20) }, 'ruled-out'],
  ])('%s: %s', async (_name, changed, status) => {
    const verdict = await judgeByFacts(registryDown, { ...facts, ...changed })
    expect(verdict).toMatchObject({ status })
  })

  test.each([
    ['just begun, and nothing is ready', 2, down, new Error('no endpoints'), 'ruled-out'],
    ['nothing is ready', 6, down, new Error('no endpoints'), 'confirmed'],
    ['no answer', 6, backend, Object.assign(new Error('it says nothing'), { code: 'no-answer' }), 'confirmed'],
    ['no answer of its address', 6, backend, new RegistryError('timeout', 'GET', 'it is silent'), 'confirmed'],
    ['only words like silence', 6, backend, new Error('no answer within 5 s'), 'ruled-out'],
    ['nobody may ask', 20, backend, new Error('forbidden'), 'ruled-out'],
    ['nobody may ask, for long', 40, undefined, new Error('forbidden'), 'confirmed'],
    ['it answers: a large image', 40, backend, found, 'ruled-out'],
  ])('a pull that goes on, %s, for %i s', async (_name, seconds, behind, manifest, status) => {
    const message = hanging(seconds)
    const verdict = await judgeByFacts(pullStalled, { ...facts, message, manifest, 'registry-backend': behind })
    expect(verdict).toMatchObject({ status })
  })

  test('a registry that waits for its own image says which, and that comes first', async () => {
    const pull = { image: 'docker.io/library/registry:9', reads: 'Tag does not exist' }
    const waiting = { ...pod, ready: false, trouble: 'ImagePullBackOff', pull }
    const verdict = await judgeByFacts(registryDown, {
      ...facts,
      'registry-backend': { ...down, pods: [waiting] },
    })
    if (verdict.status !== 'confirmed') throw new Error(verdict.status)
    const { because, remedies } = verdict.finding
    expect(because.map(({ says }) => plain(says))).toContain(
      'pod registry-0 is not ready: ImagePullBackOff of docker.io/library/registry:9 (Tag does not exist), 0 restarts',
    )
    expect(remedies[0] && plain(remedies[0].title)).toBe(
      'First make its own image docker.io/library/registry:9 available: ask imagepull about infra/registry-0',
    )
  })

  test('a pull that hangs is shown by its event', async () => {
    const verdict = await judgeByFacts(registryDown, { ...facts, 'registry-backend': down, message: hanging(20) })
    expect(verdict).toMatchObject({
      finding: {
        because: expect.arrayContaining([expect.objectContaining({ source: 'event Pulling, 2026-11-24T03:00:00Z' })]),
      },
    })
  })
})

test("what stands behind a registry's Service, and why its own pod waits", async () => {
  const words =
    'Back-off pulling image "docker.io/library/registry:9": ErrImagePull: docker.io/library/registry:9: not found'
  const cluster = memoryCluster([
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'registry-0', namespace: 'infra', labels: { app: 'registry' } },
      spec: { containers: [{ name: 'main', image: 'docker.io/library/registry:9' }] },
      status: {
        phase: 'Pending',
        containerStatuses: [
          { name: 'main', image: 'registry:9', state: { waiting: { reason: 'ImagePullBackOff', message: words } } },
        ],
      },
    },
  ])
  const recall = (_path: string, id: string) =>
    id === 'registry-service' ? ({ known: true, value: inCluster } as const) : undefined
  const run = createRun({
    signal: new AbortController().signal,
    recall,
    defect: (_where, error) => expect.fail(String(error)),
  })
  theCluster.give(run, cluster)
  expect(await registryBackend.ask(run)).toMatchObject({
    known: true,
    value: {
      readyEndpoints: 0,
      pods: [
        {
          trouble: 'ImagePullBackOff',
          pull: { image: 'docker.io/library/registry:9', reads: 'Tag does not exist' },
        },
      ],
    },
  })
})

describe('network-policy-blocks-registry', () => {
  test.each([
    ['a policy selects it', { 'registry-policies': ['lock'] }, 'confirmed'],
    ['none does', { 'registry-policies': [] }, 'ruled-out'],
    ['the port is wrong', { 'registry-policies': ['lock'], 'registry-service': {} }, 'ruled-out'],
    [
      'policies may not be listed',
      { 'registry-policies': new Error('not allowed (list networkpolicies)') },
      'undetermined',
    ],
  ])('%s', async (_name, changed, status) => {
    const verdict = await judgeByFacts(networkPolicyBlocksRegistry, { ...facts, ...changed })
    expect(verdict.status).toBe(status)
    if (verdict.status === 'confirmed') expect(verdict.finding.confidence).toBe('possible')
  })

  const policy = (name: string, spec: object) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'infra' },
    spec,
  })

  test('which policies select a pod: labels, expressions, types', async () => {
    const cluster = memoryCluster([
      policy('by-label', { podSelector: { matchLabels: { app: 'registry' } } }),
      policy('all', { podSelector: {}, policyTypes: ['Ingress'] }),
      policy('in', { podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['registry', 'x'] }] } }),
      policy('exists', { podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } }),
      policy('other', { podSelector: { matchLabels: { app: 'web' } } }),
      policy('not-in', {
        podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['registry'] }] },
      }),
      policy('without', { podSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] } }),
      policy('egress', { podSelector: {}, policyTypes: ['Egress'] }),
    ])
    const recall = (_path: string, id: string) =>
      id === 'registry-backend' ? ({ known: true, value: backend } as const) : undefined
    const run = createRun({
      signal: new AbortController().signal,
      recall,
      defect: (_where, error) => expect.fail(String(error)),
    })
    theCluster.give(run, cluster)
    expect(await registryPolicies.ask(run)).toEqual({ known: true, value: ['all', 'by-label', 'exists', 'in'] })
  })
})

test('pulls of the cluster, by its events', async () => {
  const event = (name: string, reason: string, words: string) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'shop' },
    reason,
    message: words,
    source: { host: 'n1' },
    lastTimestamp: '2026-11-24T03:00:00Z',
    involvedObject: { kind: 'Pod', name: 'web-1', namespace: 'shop' },
  })
  const cluster = memoryCluster([
    event(
      'a',
      'Pulled',
      'Successfully pulled image "registry.example/web:1" in 2s (2s including waiting). Image size: 1 bytes.',
    ),
    event('b', 'Pulled', 'Container image "registry.example/web:1" already present on machine'),
    event('c', 'Failed', 'Failed to pull image "registry.example/web:2": dial tcp 203.0.113.7:443: i/o timeout'),
    event('d', 'Failed', 'Error: ErrImagePull'),
    event('e', 'Started', 'Started container'),
  ])
  const run = createRun({ signal: new AbortController().signal, defect: (_where, error) => expect.fail(String(error)) })
  theCluster.give(run, cluster)
  const seen = await neighbours.ask(run)
  const at = { node: 'n1', at: '2026-11-24T03:00:00Z' }
  expect(seen).toMatchObject({
    known: true,
    value: {
      pulled: [{ ...at, image: 'registry.example/web:1' }],
      failed: [{ ...at, image: 'registry.example/web:2', kind: 'registry-timeout' }],
    },
  })
})
