import { describe, expect, test } from 'vitest'
import { cloneJob, jobOfCronJob, refusalToClone, rerunName } from '../../src/builds/clone.ts'
import type { RawObject } from '../../src/kubernetes/raw-object.ts'
import { askApi } from '../support/ask-api.ts'

const container = { name: 'kaniko', image: 'gcr.io/kaniko-project/executor:v1.24.0', args: ['--destination=a/b:1'] }
const pod = { restartPolicy: 'Never', serviceAccountName: 'builder', containers: [container] }

/** A Job that ran, as an API server has it, with all that others wrote into it. */
function ran({ metadata, spec, labels }: { metadata?: object; spec?: object; labels?: object } = {}): RawObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...{ namespace: 'shop', name: 'build', uid: 'u-1', resourceVersion: '42', generation: 3 },
      creationTimestamp: '2026-11-24T02:38:00Z',
      managedFields: [{ manager: 'argocd-controller' }],
      finalizers: ['foregroundDeletion'],
      deletionTimestamp: '2026-11-24T02:50:00Z',
      selfLink: '/x',
      ...metadata,
    },
    spec: {
      ...{ backoffLimit: 2, completions: 1, parallelism: 1, suspend: true },
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u-1' } },
      manualSelector: false,
      template: {
        metadata: {
          creationTimestamp: null,
          labels: {
            ...{ app: 'build', 'controller-uid': 'u-1', 'job-name': 'build' },
            ...{ 'batch.kubernetes.io/controller-uid': 'u-1', 'batch.kubernetes.io/job-name': 'build' },
            ...labels,
          },
          annotations: { team: 'shop' },
        },
        spec: pod,
      },
      ...spec,
    },
    status: { failed: 3, conditions: [{ type: 'Failed', status: 'True' }] },
  }
}

const options = { name: 'build-r0123abcd', labels: { 'imagepull.dev/rerun-of': 'build' }, annotations: { a: 'b' } }

describe('a copy of a build Job', () => {
  test('does what the old one did, and has nothing that belonged to that one alone', () => {
    expect(cloneJob(ran(), options)).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        namespace: 'shop',
        name: 'build-r0123abcd',
        labels: { 'imagepull.dev/rerun-of': 'build' },
        annotations: { a: 'b' },
      },
      spec: {
        ...{ backoffLimit: 2, completions: 1, parallelism: 1, suspend: false, ttlSecondsAfterFinished: 86_400 },
        template: { metadata: { labels: { app: 'build' }, annotations: { team: 'shop' } }, spec: pod },
      },
    })
  })

  test.each([
    ['kubectl.kubernetes.io/last-applied-configuration', false],
    ['batch.kubernetes.io/job-tracking', false],
    ['batch.kubernetes.io/cronjob-scheduled-timestamp', false],
    ['cronjob.kubernetes.io/instantiate', false],
    ['argocd.argoproj.io/tracking-id', false],
    ['argocd.argoproj.io/hook', false],
    ['argocd.argoproj.io/hook-delete-policy', false],
    ['argocd.argoproj.io/sync-wave', false],
    ['kustomize.toolkit.fluxcd.io/name', false],
    ['helm.toolkit.fluxcd.io/namespace', false],
    ['helm.sh/hook', false],
    ['helm.sh/hook-delete-policy', false],
    ['meta.helm.sh/release-name', false],
    ['app.kubernetes.io/instance', false],
    ['app.kubernetes.io/managed-by', false],
    ['imagepull.dev/approval', false],
    ['imagepull.dev/rerun-of', false],
    ['controller-uid', false],
    ['job-name', false],
    ['app.kubernetes.io/name', true],
    ['app', true],
    ['team.example.com/argocd.argoproj.io', true],
  ])('mark %s is taken over: %s', (mark, kept) => {
    const own = { labels: {}, annotations: {}, name: 'x' }
    const { metadata } = cloneJob(ran({ metadata: { labels: { [mark]: 'v' }, annotations: { [mark]: 'v' } } }), own)
    expect(metadata.labels).toEqual(kept ? { [mark]: 'v' } : {})
    expect(metadata.annotations).toEqual(kept ? { [mark]: 'v' } : {})
  })

  test('stays as long as the old one would have', () => {
    expect(cloneJob(ran({ spec: { ttlSecondsAfterFinished: 60 } }), options).spec).toMatchObject({
      ttlSecondsAfterFinished: 60,
    })
  })

  test('is taken by the API server, and a second time it is there already', async () => {
    const { ask } = askApi()
    const { body } = await ask('GET', '/apis/batch/v1/namespaces/shop/jobs/build')
    const copy = cloneJob(body, options)
    const path = '/apis/batch/v1/namespaces/shop/jobs?fieldValidation=Strict'
    expect((await ask('POST', path, copy)).status).toBe(201)
    const again = await ask('POST', path, copy)
    expect(again.status).toBe(409)
    expect(again.body.reason).toBe('AlreadyExists')
  })

  test.each([
    ['a Job of nobody', {}, undefined],
    ['a Job of a CronJob', { metadata: ownedBy('CronJob', 'nightly') }, undefined],
    ['one that selects its pods by hand', { spec: { manualSelector: true } }, /selects its pods by hand/],
    ['one of Tekton', { metadata: ownedBy('TaskRun', 'build-1') }, /is made by TaskRun build-1/],
    ['one of Argo Workflows', { metadata: ownedBy('Workflow', 'ci') }, /is made by Workflow ci/],
  ])('of %s: %s', (_what, parts, expected) => {
    const why = refusalToClone(ran(parts))
    if (expected) expect(why).toMatch(expected)
    else expect(why).toBeUndefined()
  })
})

function ownedBy(kind: string, name: string): object {
  return { ownerReferences: [{ apiVersion: 'x/v1', kind, name, uid: 'o', controller: true }] }
}

test("a run of a CronJob is made from the CronJob's own template, and belongs to it", () => {
  const cronJob: RawObject = {
    ...{ apiVersion: 'batch/v1', kind: 'CronJob' },
    metadata: { namespace: 'shop', name: 'nightly', uid: 'c-1', resourceVersion: '7', labels: { other: 'x' } },
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: {
        metadata: { labels: { app: 'build' }, annotations: { team: 'shop' } },
        spec: { backoffLimit: 0, template: { metadata: { labels: { app: 'build' } }, spec: pod } },
      },
    },
  }
  expect(jobOfCronJob(cronJob, options)).toEqual({
    ...{ apiVersion: 'batch/v1', kind: 'Job' },
    metadata: {
      ...{ namespace: 'shop', name: 'build-r0123abcd' },
      labels: { app: 'build', 'imagepull.dev/rerun-of': 'build' },
      annotations: { team: 'shop', 'cronjob.kubernetes.io/instantiate': 'manual', a: 'b' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: 'c-1', controller: true }],
    },
    spec: { backoffLimit: 0, suspend: false, template: { metadata: { labels: { app: 'build' } }, spec: pod } },
  })
})

describe('the name of a copy', () => {
  test.each([
    ['build', /^build-r[0-9a-f]{8}$/],
    ['build-r0123abcd', /^build-r[0-9a-f]{8}$/],
    ['a'.repeat(63), /^a{40}-r[0-9a-f]{8}$/],
    [`${'a'.repeat(39)}-b`, /^a{39}-r[0-9a-f]{8}$/],
    [`${'a'.repeat(38)}.-b`, /^a{38}-r[0-9a-f]{8}$/],
  ])('%s', (base, form) => {
    expect(rerunName(base, 'uid', 'incident', 'approval')).toMatch(form)
  })

  test('is the same for the same approval alone', () => {
    const names = [
      ['u', 'i', 'a'],
      ['u', 'i', 'a'],
      ['u', 'i', 'b'],
      ['v', 'i', 'a'],
      ['u', 'ia', ''],
    ].map((it) => rerunName('build', ...it))
    expect(names[0]).toBe(names[1])
    expect(new Set(names).size).toBe(4)
  })
})
