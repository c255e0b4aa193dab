import { expect, test } from 'vitest'
import { type PodEvent, resources } from '../../../src/kubernetes/resources.ts'
import type { ContainerPull } from '../../../src/playbooks/image-pull/inputs.ts'
import { routeOf } from '../../../src/playbooks/image-pull/route.ts'
import { plain } from '../../../src/text.ts'
import { only } from '../../support/only.ts'

const now = new Date('2026-11-25T03:00:30Z')
const early = '2026-11-25T02:00:00Z'
const justNow = '2026-11-25T03:00:00Z'
const killed = { exitCode: 137, reason: 'OOMKilled' }

function podOf(container: object, status: object = {}) {
  const containerStatuses = [{ name: 'web', image: 'a:1', ...container }]
  return resources.pods.schema.parse({
    metadata: { name: 'web-1', namespace: 'shop' },
    spec: { containers: [{ name: 'web', image: 'a:1' }] },
    status: { phase: 'Running', containerStatuses, ...status },
  })
}

function running(startedAt: string, more: object = {}): object {
  return { ready: true, state: { running: { startedAt } }, ...more }
}

const unscheduled = (message: string) =>
  podOf({}, { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] })

test.each([
  [
    'ended, and not started again yet',
    podOf({ state: { terminated: killed } }),
    'crashloop-backoff',
    /OOMKilled, exit code 137/,
  ],
  [
    'loops',
    podOf({ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: killed } }),
    'crashloop-backoff',
    /OOMKilled/,
  ],
  [
    'was killed and started again just now',
    podOf(running(justNow, { restartCount: 1, lastState: { terminated: killed } })),
    'crashloop-backoff',
    /OOMKilled/,
  ],
  [
    'was killed long ago',
    podOf(running(early, { restartCount: 1, lastState: { terminated: killed } })),
    undefined,
    undefined,
  ],
  [
    'was killed, and is not ready',
    podOf(running(early, { ready: false, restartCount: 1, lastState: { terminated: killed } })),
    'crashloop-backoff',
    /OOMKilled/,
  ],
  ['ended as it should', podOf({ state: { terminated: { exitCode: 0, reason: 'Completed' } } }), undefined, undefined],
  ['runs', podOf(running(justNow)), undefined, undefined],
  [
    'runs, and is not ready',
    podOf(running(justNow, { ready: false })),
    undefined,
    /runs, but is not ready, and no event says why/,
  ],
  [
    'cannot be created',
    podOf({ state: { waiting: { reason: 'CreateContainerConfigError', message: 'no key b' } } }),
    undefined,
    /cannot be created, CreateContainerConfigError: no key b/,
  ],
  [
    'finds no node with memory',
    unscheduled('0/3 nodes are available: 3 Insufficient memory.'),
    'limitrange-violations',
    /no node takes the pod/,
  ],
  [
    'finds no node at all',
    unscheduled('0/3 nodes are available: 3 node(s) had a taint.'),
    undefined,
    /no node takes the pod/,
  ],
])('a pod that %s', (_what, pod, playbook, note) => {
  const route = routeOf(pod, [], [], now)
  expect(route?.playbook).toBe(playbook)
  if (note) expect(plain(route?.note ?? { parts: [] })).toMatch(note)
  else expect(route).toBeUndefined()
})

test('a pod that cannot be set up, by the newest of its events', () => {
  const waiting = only<ContainerPull>({ container: 'web', image: 'a:1', state: 'waiting', kinds: [] })
  const event = (message: string, lastTimestamp: string): PodEvent =>
    resources.events.schema.parse({ metadata: { name: 'e' }, reason: 'FailedMount', message, lastTimestamp })
  const route = routeOf(podOf({}), [waiting], [event('no claim a', justNow), event('no claim b', early)], now)
  expect(plain(route?.note ?? { parts: [] })).toBe(
    'Not an image pull: the pod cannot be set up, FailedMount: no claim a',
  )
})
