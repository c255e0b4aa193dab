import { describe, expect, test } from 'vitest'
import type { Build } from '../../../src/builds/build.ts'
import { type BuildReading, readBuild } from '../../../src/builds/log/read.ts'
import { builtBefore } from '../../../src/playbooks/image-pull/advice/sources.ts'
import { buildFailed } from '../../../src/playbooks/image-pull/causes/build/build-failed.ts'
import { buildRunning } from '../../../src/playbooks/image-pull/causes/build/build-running.ts'
import {
  imageNeverBuilt,
  imageNeverBuiltYet,
} from '../../../src/playbooks/image-pull/causes/build/image-never-built.ts'
import type { ImageBuilds } from '../../../src/playbooks/image-pull/checks/builds.ts'
import type { Evidence, Remedy } from '../../../src/playbooks/image-pull/model.ts'
import { memoryCluster } from '../../../src/simulator/cluster/memory-cluster.ts'
import { plain } from '../../../src/text.ts'
import { verdictOf } from '../../support/incident-samples.ts'
import { judgeByFacts } from '../../support/judge-by-facts.ts'
import { buildOf } from '../../support/situation-of.ts'

const names = {
  ...{ namespace: 'shop', pod: 'web-1', container: 'web', image: 'r.test/web:1', host: 'r.test', node: 'n1' },
  owner: 'deployment/web',
}
const cronJob: Partial<Build> = { kind: 'CronJob', name: 'nightly', state: 'scheduled', hasRun: false }

function matched(...exact: readonly Build[]): ImageBuilds {
  return { exact, otherTag: [], otherRegistry: [], open: [], looked: 1, builds: 1, complete: true }
}

function cronJobOf(of: Partial<Build> = {}): Build {
  const { finishedAt: _, ...build } = buildOf({ ...cronJob, ...of })
  return of.finishedAt ? { ...build, finishedAt: of.finishedAt } : build
}

const lines = (of: readonly (Evidence | Remedy)[]): readonly string[] =>
  of.map((it) => plain('says' in it ? it.says : it.title))

describe('an image that is not built yet', () => {
  test.each([
    ['a CronJob has not run yet', [cronJobOf()], 'confirmed'],
    ['a CronJob is suspended, and has not run', [cronJobOf({ state: 'suspended' })], 'confirmed'],
    ['a Job is suspended', [buildOf({ state: 'suspended' })], 'confirmed'],
    ['a CronJob has run', [cronJobOf({ hasRun: true })], 'ruled-out'],
    ['a CronJob is suspended since it ran', [cronJobOf({ state: 'suspended', hasRun: true })], 'ruled-out'],
    ['a CronJob has not run, and a Job has', [buildOf({ state: 'succeeded' }), cronJobOf()], 'ruled-out'],
    ['nothing builds it', [], 'ruled-out'],
  ])('%s: %s', async (_name, exact, status) => {
    const verdict = await judgeByFacts(imageNeverBuiltYet, { names, 'image-builds': matched(...exact) })
    expect(verdict.status).toBe(status)
  })

  test('the CronJob can be run at once', async () => {
    const suspended = cronJobOf({ state: 'suspended' })
    const verdict = await judgeByFacts(imageNeverBuiltYet, { names, 'image-builds': matched(suspended) })
    expect(verdict).toMatchObject({
      finding: {
        remedies: [
          { argv: ['kubectl', '-n', 'cortex-chat', 'create', 'job', 'nightly-again', '--from=cronjob/nightly'] },
          { kind: 'action' },
        ],
      },
    })
  })

  test('a suspended Job is not deleted and made again, but resumed', async () => {
    const verdict = await judgeByFacts(imageNeverBuiltYet, {
      names,
      'image-builds': matched(buildOf({ state: 'suspended' })),
    })
    if (verdict.status !== 'confirmed') throw new Error(verdict.status)
    expect(lines(verdict.finding.remedies)).toEqual(['In Git, remove suspend from Job cortex-chat/backend-build'])
  })
})

describe('a build that is not done', () => {
  const running = buildOf({ state: 'running', failures: 0 })
  const judge = (build: Build, reading: BuildReading) =>
    judgeByFacts(buildRunning, { names, 'image-builds': matched(build), 'build-log': reading })

  test.each([
    ['runs', running, { tail: [] }, 'is still running.'],
    ['waits for its turn', buildOf({ state: 'pending', failures: 0 }), { tail: [] }, 'is waiting to start.'],
    [
      'is between two attempts',
      buildOf({ state: 'pending', failures: 2 }),
      { tail: [] },
      'failed 2 times so far and will be tried again.',
    ],
    [
      'waits for its own image',
      running,
      { pod: 'b-1', tail: [], waits: { reason: 'ImagePullBackOff', message: 'x', image: 'kaniko:9' } },
      'cannot start: its pod waits with ImagePullBackOff for kaniko:9.',
    ],
    [
      'finds no node',
      running,
      { pod: 'b-1', tail: [], waits: { reason: 'Unschedulable', message: '0/3 nodes are available' } },
      'cannot start: its pod cannot be scheduled on any node.',
    ],
  ])('%s', async (_name, build, reading, says) => {
    const verdict = await judge(build, reading)
    if (verdict.status !== 'confirmed') throw new Error(verdict.status)
    expect(plain(verdict.finding.summary)).toContain(says)
  })

  const podOf = (status: object) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...{ namespace: 'cortex-chat', name: 'b-1' },
      labels: { 'batch.kubernetes.io/job-name': 'backend-build' },
    },
    spec: { containers: [{ name: 'kaniko', image: 'kaniko:9' }] },
    status,
  })
  const waiting = (reason: string) => ({
    containerStatuses: [{ name: 'kaniko', image: 'kaniko:9', state: { waiting: { reason, message: 'words' } } }],
  })

  test.each([
    [
      'what its container waits for',
      waiting('ErrImagePull'),
      { reason: 'ErrImagePull', message: 'words', image: 'kaniko:9' },
    ],
    [
      'that no node takes it',
      { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no node' }] },
      { reason: 'Unschedulable', message: 'no node' },
    ],
    ['nothing while it begins', waiting('ContainerCreating'), undefined],
  ])('its pod tells %s', async (_name, status, waits) => {
    const read = await readBuild(memoryCluster([podOf(status)]), running)
    expect(read.waits).toEqual(waits)
  })
})

describe('a destination with a variable that only its run knows', () => {
  const perhaps = (build: Build) => ({ ...matched(), open: [build] })

  test('is a lead where that build failed, and no proof', async () => {
    const verdict = await judgeByFacts(buildFailed, {
      names,
      'image-builds': perhaps(buildOf()),
      'build-log': { tail: [] },
    })
    expect(verdict).toMatchObject({ status: 'confirmed', finding: { confidence: 'likely' } })
  })

  test('keeps an image from being called never built', async () => {
    const { host, repository } = { host: 'r.test', repository: 'web' }
    const facts = {
      ...{ names, reference: { valid: true, reference: { host, repository, tag: '1' } }, 'registry-service': {} },
      ...{ repositories: { status: 'names', names: ['other'], complete: true, asked: { method: 'GET', url: 'x' } } },
    }
    const judge = async (builds: ImageBuilds) =>
      (await judgeByFacts(imageNeverBuilt, { ...facts, 'image-builds': builds })).status
    expect(await judge(matched())).toBe('confirmed')
    expect(await judge(perhaps(buildOf()))).toBe('ruled-out')
  })
})

describe('an image that was built, and is not there', () => {
  const gone = verdictOf({ cause: 'repository-missing' })
  const known =
    (...exact: readonly Build[]) =>
    async () =>
      ({ known: true, value: matched(...exact) }) as const

  test('tells of the build that pushed it, and how to repeat it', async () => {
    const { because, remedies } = await builtBefore(gone, known(buildOf({ state: 'succeeded', failures: 0 })))
    expect(lines(because).at(-1)).toMatch(/^Job cortex-chat\/backend-build pushes .*:latest, and succeeded, 2026/)
    expect(lines(remedies).slice(0, 2)).toEqual([
      'Job cortex-chat/backend-build succeeded: its log shows where it pushed to',
      expect.stringContaining('Then delete Job cortex-chat/backend-build'),
    ])
    expect(remedies.slice(2)).toEqual(gone.remedies)
  })

  test('by a CronJob whose Jobs are cleaned up', async () => {
    const ran = cronJobOf({ hasRun: true, finishedAt: '2026-11-23T03:00:00Z' })
    expect(lines((await builtBefore(gone, known(ran))).remedies)[0]).toBe('Run it again')
  })

  test.each([
    ['the build failed', gone, known(buildOf())],
    ['the build runs', gone, known(cronJobOf({ hasRun: true }))],
    ['nothing builds it', gone, known()],
    ['builds may not be listed', gone, async () => ({ known: false, reason: 'forbidden' }) as const],
    ['the verdict is another', verdictOf({ cause: 'blob-missing' }), known(buildOf({ state: 'succeeded' }))],
  ])('says nothing where %s', async (_name, verdict, builds) => {
    expect(await builtBefore(verdict, builds)).toBe(verdict)
  })
})
