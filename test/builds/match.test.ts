import { describe, expect, test } from 'vitest'
import { leadingBuild } from '../../src/builds/build.ts'
import { findBuilds, leadsAmong } from '../../src/builds/builds.ts'
import { findLeads } from '../../src/builds/leads.ts'
import { tellingContainer } from '../../src/builds/log/pod-log.ts'
import { readBuild } from '../../src/builds/log/read.ts'
import { isMistyped, matchBuilds } from '../../src/builds/match.ts'
import { findSystem } from '../../src/builds/systems.ts'
import { resources } from '../../src/kubernetes/resources.ts'
import { referenceOf } from '../../src/playbooks/image-pull/evidence/answers.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { buildOf } from '../support/situation-of.ts'

const kaniko = { name: 'kaniko', image: 'gcr.io/kaniko-project/executor', args: ['--destination=r.test/app:1'] }
const ended = (exitCode: number, reason = 'Error') => ({ terminated: { exitCode, reason } })
const podOf = (spec: object, status: object, metadata: object = {}) =>
  resources.pods.schema.parse({ metadata: { name: 'p', namespace: 'ci', ...metadata }, spec, status })

describe('the container whose log tells', () => {
  const clone = { name: 'clone' }
  const proxy = { name: 'proxy' }

  test.each([
    [
      'an init container that failed',
      { initContainers: [clone], containers: [kaniko] },
      { initContainerStatuses: [{ name: 'clone', state: ended(128) }] },
      { name: 'clone', prepares: true, previous: false },
    ],
    [
      'an init container that waits for its next start',
      { initContainers: [clone], containers: [kaniko] },
      {
        initContainerStatuses: [
          { name: 'clone', state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended(1) },
        ],
      },
      { name: 'clone', previous: false },
    ],
    [
      'the builder behind a sidecar',
      { containers: [proxy, kaniko] },
      {
        containerStatuses: [
          { name: 'proxy', state: { running: {} } },
          { name: 'kaniko', state: ended(1) },
        ],
      },
      { name: 'kaniko', prepares: false },
    ],
    ['the builder, while all run', { containers: [proxy, kaniko] }, { containerStatuses: [] }, { name: 'kaniko' }],
    [
      'the run before of a builder that runs again',
      { containers: [kaniko] },
      { containerStatuses: [{ name: 'kaniko', state: { running: {} }, lastState: ended(137, 'OOMKilled') }] },
      { name: 'kaniko', previous: true, ended: { reason: 'OOMKilled', exitCode: 137 } },
    ],
  ])('is %s', (_name, spec, status, wanted) => {
    expect(tellingContainer(podOf(spec, status), ['kaniko'])).toMatchObject(wanted)
  })

  test('is the second builder, where that one failed', () => {
    const two = {
      containers: [
        { ...kaniko, name: 'a' },
        { ...kaniko, name: 'b' },
      ],
    }
    const status = {
      containerStatuses: [
        { name: 'a', state: ended(0) },
        { name: 'b', state: ended(1) },
      ],
    }
    expect(tellingContainer(podOf(two, status), ['a', 'b'])).toMatchObject({ name: 'b' })
  })
})

describe('how a Job stands, by its pods', () => {
  const job = {
    ...{ apiVersion: 'batch/v1', kind: 'Job' },
    metadata: { name: 'b', namespace: 'ci', uid: 'job', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { template: { spec: { containers: [{ name: 'proxy' }, kaniko] } } },
    status: { active: 1 },
  }
  const pod = (status: object, spec: object = {}) => ({
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ name: 'b-1', namespace: 'ci', uid: 'pod', creationTimestamp: '2026-01-01T00:00:00Z' },
      labels: { 'batch.kubernetes.io/job-name': 'b' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'b', uid: 'job', controller: true }],
    },
    spec: { ...job.spec.template.spec, ...spec },
    status,
  })

  test.each([
    [
      'failed, while a sidecar runs on',
      {
        phase: 'Running',
        containerStatuses: [
          { name: 'proxy', state: { running: {} } },
          { name: 'kaniko', state: ended(1) },
        ],
      },
      { restartPolicy: 'Never' },
      'failed',
    ],
    [
      'failed, where it crashes again and again',
      {
        phase: 'Running',
        containerStatuses: [
          { name: 'kaniko', restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended(1) },
        ],
      },
      { restartPolicy: 'OnFailure' },
      'failed',
    ],
    ['failed, where all its pods have', { phase: 'Failed' }, { restartPolicy: 'Never' }, 'failed'],
    ['running', { phase: 'Running', containerStatuses: [{ name: 'kaniko', state: { running: {} } }] }, {}, 'running'],
  ])('%s', async (_name, status, spec, state) => {
    const { builds } = await findBuilds(memoryCluster([job, pod(status, spec)]))
    expect(builds).toMatchObject([{ kind: 'Job', state, containers: ['kaniko'] }])
  })

  test('one whose pod is gone has no log', async () => {
    const { builds } = await findBuilds(
      memoryCluster([{ ...job, status: { failed: 1, conditions: [{ type: 'Failed', status: 'True' }] } }]),
    )
    const [build] = builds
    if (!build) throw new Error('no build')
    expect(await readBuild(memoryCluster([job]), build)).toEqual({ tail: [], gone: true })
  })
})

describe('what is searched', () => {
  const bare = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'k', namespace: 'ci', uid: 'k' },
    spec: { containers: [kaniko] },
    status: { phase: 'Failed' },
  }
  const scan = {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'scan', namespace: 'ci', uid: 's' } },
    spec: {
      template: {
        spec: { containers: [{ name: 'scan', image: 'r.test/team/web:1', args: ['--ref', 'r.test/team/api:1'] }] },
      },
    },
  }
  const agent = {
    ...bare,
    metadata: { name: 'agent', namespace: 'ci', uid: 'a', labels: { 'jenkins/label': 'x' } },
    spec: { containers: [{ name: 'jnlp' }] },
  }

  test('pods of no workload build as well, and systems that hide what they build are named', async () => {
    const found = await findBuilds(memoryCluster([bare, agent]))
    expect(found.builds).toMatchObject([{ kind: 'Pod', state: 'failed', destinations: ['r.test/app:1'] }])
    expect(found.systems).toEqual([{ name: 'Jenkins', pod: 'ci/agent', searched: false }])
  })

  test('what names a repository is a lead; the image that it runs is none', async () => {
    const found = await findBuilds(memoryCluster([scan]))
    expect(leadsAmong(found, 'team/api')).toEqual([{ kind: 'Job', namespace: 'ci', name: 'scan' }])
    expect(leadsAmong(found, 'team/web')).toEqual([])
    expect(JSON.stringify(found)).not.toContain('--ref')
  })

  test.each([
    ['web', 'push web:1', 1],
    ['web', 'push webserver:1', 0],
    ['web', 'push r/web', 1],
    ['web', 'push my-web:1', 0],
    ['team/web', 'push team/web/sub:1', 0],
  ])('%s in %s', (repository, words, count) => {
    expect(findLeads(repository, [{ kind: 'Job', namespace: 'a', name: 'b', words }])).toHaveLength(count)
  })

  test('a daemon of BuildKit is a system of its own', () => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'x', uid: 'x', controller: true }
    const of = (image: string) =>
      findSystem(podOf({ containers: [{ name: 'd', image }] }, {}, { ownerReferences: [owner] }))
    expect(of('moby/buildkit:v0.17')).toMatchObject({ searched: false })
    expect(of('nginx')).toBeUndefined()
  })
})

describe('which build it is', () => {
  const at = (name: string, state: 'running' | 'failed' | 'succeeded', createdAt: string) =>
    buildOf({ name, state, createdAt })

  test('one that runs goes before one that failed later', () => {
    const builds = [at('new', 'failed', '2026-01-02T00:00:00Z'), at('old', 'running', '2026-01-01T00:00:00Z')]
    expect(leadingBuild(builds)?.name).toBe('old')
  })

  test.each([
    ['app-frontend', 'app-frontned', true],
    ['app-frontend', 'app-frontends', true],
    ['api-v1', 'api-v2', false],
    ['worker1', 'worker2', false],
    ['web', 'wbe', false],
    ['orders', 'billing', false],
  ])('%s and %s', (name, other, mistyped) => {
    expect(isMistyped(name, other)).toBe(mistyped)
  })

  test.each([
    ['$(IMAGE)', 'unclear'],
    ['${REG}/$NAME:1', 'unclear'],
    ['${REG}/other:1', undefined],
    ['r.test/$(cat name):2', undefined],
    ['r.test/appp:1', undefined],
    ['r.test/orders-frontedn:1', 'near'],
  ] as const)('%s is %s', (destination, group) => {
    const image = { host: 'r.test', repository: 'orders-frontend', tag: '1' }
    const matched = matchBuilds([buildOf({ destinations: [destination] })], image, { aliases: [], parse: referenceOf })
    expect(Object.entries(matched).flatMap(([name, builds]) => (builds.length > 0 ? [name] : []))).toEqual(
      group ? [group] : [],
    )
  })
})
