import { describe, expect, test } from 'vitest'
import type { Build } from '../../src/builds/build.ts'
import { buildOfJob } from '../../src/builds/builds.ts'
import { classifyBuildLog } from '../../src/builds/log/classify.ts'
import { type ImageName, matchBuilds } from '../../src/builds/match.ts'
import { resources } from '../../src/kubernetes/resources.ts'
import { parseReference } from '../../src/registry/reference.ts'
import { cpuTime } from '../support/cpu-time.ts'

function jobOf(status: object, spec: object = {}) {
  const template = { spec: { containers: [{ name: 'kaniko', args: ['--destination=r:5000/app:1'] }] } }
  const metadata = { name: 'app-build', namespace: 'shop', uid: 'u1', creationTimestamp: '2026-01-18T02:00:00Z' }
  return resources.jobs.schema.parse({ metadata, spec: { template, ...spec }, status })
}

describe('how a Job stands', () => {
  test.each([
    ['failed', { failed: 1, conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] }, {}],
    ['failed', { active: 1, conditions: [{ type: 'FailureTarget', status: 'True' }] }, {}],
    ['succeeded', { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] }, {}],
    ['running', { active: 1 }, {}],
    ['pending', {}, {}],
    ['suspended', {}, { suspend: true }],
  ])('%s', (state, status, spec) => {
    expect(buildOfJob(jobOf(status, spec))).toMatchObject([
      { state, destinations: ['r:5000/app:1'], namespace: 'shop' },
    ])
  })
})

describe('which builds push an image', () => {
  const build = (name: string, ...destinations: string[]): Build => ({
    kind: 'Job',
    namespace: 'shop',
    name,
    uid: name,
    tool: 'kaniko',
    destinations,
    noPush: false,
    state: 'succeeded',
    failures: 0,
    createdAt: '2026-01-18T02:00:00Z',
  })
  const parse = (destination: string): ImageName | undefined => {
    const parsed = parseReference(destination)
    return parsed.valid ? parsed.reference : undefined
  }
  const match = (image: ImageName, builds: readonly Build[]) => {
    const { exact, otherTag, otherRegistry, open } = matchBuilds(builds, image, {
      aliases: ['registry.svc:5000'],
      parse,
    })
    return [exact, otherTag, otherRegistry, open].map((list) => list.map(({ name }) => name))
  }
  const image = { host: '10.0.0.1:5000', repository: 'app', tag: '1' }

  test.each([
    ['just this one', ['10.0.0.1:5000/app:1'], [['b'], [], [], []]],
    ['by another name of the registry', ['registry.svc:5000/app:1'], [['b'], [], [], []]],
    ['another tag', ['10.0.0.1:5000/app:2'], [[], ['b'], [], []]],
    ['another registry', ['quay.io/app:1'], [[], [], ['b'], []]],
    ['one of several', ['10.0.0.1:5000/app:2', '10.0.0.1:5000/app:1'], [['b'], [], [], []]],
    ['another image', ['10.0.0.1:5000/other:1'], [[], [], [], []]],
    ['nothing that could be read', ['$(IMAGE)'], [[], [], [], []]],
    ['a tag that its run knows', ['10.0.0.1:5000/app:$(TAG)'], [[], [], [], ['b']]],
    ['a part of a tag', ['10.0.0.1:5000/app:v$TAG'], [[], [], [], ['b']]],
    ['a registry that its run knows', ['${REGISTRY}/app:1'], [[], [], [], ['b']]],
    ['a registry that its run knows, and another tag', ['$(REGISTRY)/app:2'], [[], [], [], []]],
    ['a registry that its run knows, below another path', ['${REGISTRY}/team/app:1'], [[], [], [], []]],
    ['a tag that its run knows, in another registry', ['docker.io/app:$(TAG)'], [[], [], [], []]],
    ['a tag that its run knows, of a longer name', ['10.0.0.1:5000/app-two:$(TAG)'], [[], [], [], []]],
  ])('%s', (_name, destinations, found) => {
    expect(match(image, [build('b', ...destinations)])).toEqual(found)
  })

  test('a tag that is left out is latest, on either side', () => {
    const untagged = { host: '10.0.0.1:5000', repository: 'app' }
    expect(match(untagged, [build('b', '10.0.0.1:5000/app:latest')])).toEqual([['b'], [], [], []])
  })
})

describe('what a log says', () => {
  test('nothing of an error', () => {
    expect(classifyBuildLog(['INFO[0007] Pushed r:5000/app@sha256:00'])).toBeUndefined()
  })

  test('a step that could not fetch something is told from one that will fail again', () => {
    const end = 'error building image: failed to execute command: waiting for process to exit: exit status 1'
    const told = classifyBuildLog(['npm error code ECONNREFUSED', 'npm error errno ECONNREFUSED', end])
    expect(told).toMatchObject({ class: 'dependencies-unreachable', willRepeat: false })
    expect(classifyBuildLog(['npm error code ELIFECYCLE', end])).toMatchObject({ class: 'step', willRepeat: true })
  })

  test('a push that failed is not blamed on what a step said before', () => {
    const push = 'error pushing image: failed to push to destination r:5000/a:1: dial tcp 10.0.0.1:5000: i/o timeout'
    expect(classifyBuildLog(['npm error code ECONNREFUSED', push])).toMatchObject({
      class: 'push-timeout',
      pushTimedOut: true,
    })
  })

  test('progress is no error', () => {
    expect(classifyBuildLog(['INFO[0001] Retrieving image manifest node:24', 'unheard-of words'])).toBeUndefined()
  })

  test.each([
    'push ',
    'pushing image x ',
    'GET https://a/',
    'chown ',
    'could not transfer artifact ',
    'mount ',
    'scope=',
    'error ',
  ])('long lines of %j take no long time', (piece) => {
    const line = piece.repeat(Math.ceil(1_500_000 / piece.length))
    const lines = Array.from({ length: 400 }, () => piece.repeat(40))
    expect(cpuTime(() => [classifyBuildLog([line]), classifyBuildLog(lines)])).toBeLessThan(2_000)
  })
})
