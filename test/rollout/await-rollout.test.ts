import { expect, test } from 'vitest'
import { toPlaybookSettings } from '../../src/app/from-config.ts'
import { readConfiguration } from '../../src/config/read-configuration.ts'
import { connectCluster } from '../../src/kubernetes/connect.ts'
import { diagnose, type World } from '../../src/playbooks/image-pull/diagnose.ts'
import { diagnoseOwner } from '../../src/playbooks/image-pull/diagnose-owner.ts'
import { createRegistry } from '../../src/registry/client.ts'
import { awaitRollout, type RolloutEvent, type RolloutWorld } from '../../src/rollout/await-rollout.ts'
import type { Waitable } from '../../src/rollout/subject.ts'
import { servedRegistry } from '../support/preflight-world.ts'
import { servedCluster } from '../support/served-cluster.ts'

const images = [{ repository: 'team/app', tags: ['1'] }]
const host = 'HOST'

interface Object_ {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly [field: string]: unknown }
  readonly [field: string]: unknown
}

const labels = { app: 'web' }
const template = (image: string) => ({ metadata: { labels }, spec: { containers: [{ name: 'main', image }] } })

function deployment(image: string, status: object, conditions: readonly object[] = []): Object_ {
  return {
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'd', generation: 2 },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: template(image) },
    status: { observedGeneration: 2, conditions, ...status },
  }
}

function pod(name: string, image: string, status: object): Object_ {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'rs', controller: true }
  return {
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: name, labels, ownerReferences: [owner] },
    spec: { containers: [{ name: 'main', image }] },
    status,
  }
}

const waiting = (reason: string, message: string, restartCount = 0) => ({
  phase: 'Pending',
  containerStatuses: [{ name: 'main', restartCount, state: { waiting: { reason, message } } }],
})
const running = { phase: 'Running', containerStatuses: [{ name: 'main', ready: true, state: { running: {} } }] }
const notFound = (image: string) =>
  waiting(
    'ErrImagePull',
    `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": ${image}: not found`,
  )
const refusedBy = (image: string) =>
  waiting(
    'ErrImagePull',
    `failed to pull image "${image}": failed to do request: Head "https://127.0.0.1:9/v2/x/manifests/1": dial tcp 127.0.0.1:9: connect: connection refused`,
  )

const done = { updatedReplicas: 1, replicas: 1, readyReplicas: 1, availableReplicas: 1 }
const underway = { updatedReplicas: 1, replicas: 1, readyReplicas: 0, availableReplicas: 0 }

/** Objects that appear or change, by the second at which they do. */
type Script = Readonly<Record<number, readonly Object_[]>>

async function play(script: Script, seconds = 300, kind: Waitable = 'deployments') {
  const registry = await servedRegistry({ images })
  const filled = (of: readonly Object_[]): readonly Object_[] =>
    JSON.parse(JSON.stringify(of).replaceAll(host, registry.host))
  await using served = await servedCluster(filled(script[0] ?? []))
  const cluster = connectCluster({ kubeconfig: served.kubeconfig })
  const events: RolloutEvent[] = []
  let second = 0
  const world = (): World => ({
    cluster,
    registry: createRegistry({ policy: { refuses: () => undefined, plainHttp: () => true } }),
    permissions: { secrets: true, registry: true },
    settings: toPlaybookSettings(readConfiguration(undefined), []),
    signal: new AbortController().signal,
    defect(where, error) {
      throw new Error(`a defect in ${where.id}`, { cause: error })
    },
  })
  const plural = { Deployment: 'deployments', Pod: 'pods', Job: 'jobs', Event: 'events' } as const
  const rollout: RolloutWorld = {
    cluster,
    diagnose: (it) => diagnose(it, world()),
    diagnoseOwner: async ({ owner }) =>
      owner && kind !== 'pods' ? diagnoseOwner(kind, owner as never, world()) : undefined, // read as that kind
    now: () => second * 1_000,
    async sleep(ms) {
      const until = second + Math.round(ms / 1_000)
      for (second += 1; second < until; second++);
      for (const object of filled(script[second] ?? []))
        served.store.put(plural[object.kind as keyof typeof plural], object as never) // as the API server would have it
    },
    tell: (event) => void events.push(event),
  }
  const end = await awaitRollout({ kind, namespace: 'shop', name: 'web' }, seconds * 1_000, rollout)
  const failing = events.flatMap((it) => (it.type === 'pull-failing' ? [it] : []))
  return { end, events, failing: failing.map((it) => `${it.diagnosis.verdict.cause} ${it.goesOn}`), second }
}

const image = `${host}/team/app:1`
const gone = `${host}/team/app:9`

test('it waits until the Deployment is ready', async () => {
  const { end, events, second } = await play({
    0: [deployment(image, { observedGeneration: 1 })],
    3: [deployment(image, underway), pod('web-a', image, { phase: 'Pending' })],
    6: [deployment(image, done), pod('web-a', image, running)],
  })
  expect([end.outcome, second]).toEqual(['ready', 6])
  expect(events.map(({ type }) => type)).toEqual(['progress', 'progress'])
})

test('a final cause ends it at once', async () => {
  const { end, failing, second } = await play({
    0: [deployment(gone, underway), pod('web-a', gone, { phase: 'Pending' })],
    4: [pod('web-a', gone, notFound(gone))],
  })
  expect([end.outcome, second, failing]).toEqual(['pull-failed', 4, ['tag-missing false']])
})

test('a transient cause is told, and the wait goes on until it recovers', async () => {
  const away = '127.0.0.1:9/x:1'
  const { end, failing, events } = await play({
    0: [deployment(away, underway), pod('web-a', away, refusedBy(away))],
    70: [deployment(away, done), pod('web-a', away, running)],
  })
  expect(end.outcome).toBe('ready')
  expect(new Set(failing)).toEqual(new Set(['registry-refused true']))
  expect(failing.length).toBeLessThanOrEqual(3)
  expect(events.some(({ type }) => type === 'pull-recovered')).toBe(false) // it was ready in the same look
})

test('a pod of an earlier revision does not count', async () => {
  const { end } = await play({
    0: [deployment(image, underway), pod('web-old', gone, notFound(gone)), pod('web-a', image, { phase: 'Pending' })],
    5: [deployment(image, done), pod('web-a', image, running)],
  })
  expect(end.outcome).toBe('ready')
})

test('a crash is something else, with its playbook', async () => {
  const crashed = {
    phase: 'Running',
    containerStatuses: [
      {
        ...{ name: 'main', restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } } },
        lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      },
    ],
  }
  const { end } = await play({ 0: [deployment(image, underway), pod('web-a', image, crashed)] })
  expect(end).toMatchObject({ outcome: 'failed', diagnosis: { route: { playbook: 'crashloop-backoff' } } })
})

test('its progress deadline passes', async () => {
  const late = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'too late' }
  const { end } = await play({ 0: [deployment(image, underway)], 9: [deployment(image, underway, [late])] })
  expect(end.outcome).toBe('failed')
})

test('time is over, with what is known', async () => {
  const away = '127.0.0.1:9/x:1'
  const { end, second } = await play({ 0: [deployment(away, underway), pod('web-a', away, refusedBy(away))] }, 20)
  expect([end.outcome, second]).toEqual(['time-over', 20])
  expect(end).toMatchObject({ diagnosis: { failing: [{ verdict: { cause: 'registry-refused' } }] } })
})

test('it is deleted meanwhile', async () => {
  const { end } = await play({ 0: [] })
  expect(end.outcome).toBe('gone')
})

const job = (status: object): Object_ => ({
  kind: 'Job',
  metadata: { name: 'web', namespace: 'shop', uid: 'j' },
  spec: { template: template(image) },
  status,
})

test('a Job is ready when it is complete, and failed when it failed', async () => {
  const ended = (type: string) => job({ conditions: [{ type, status: 'True', reason: 'BackoffLimitExceeded' }] })
  expect((await play({ 0: [job({ active: 1 })], 3: [ended('Complete')] }, 300, 'jobs')).end.outcome).toBe('ready')
  expect((await play({ 0: [job({ active: 1 })], 3: [ended('Failed')] }, 300, 'jobs')).end.outcome).toBe('failed')
})
