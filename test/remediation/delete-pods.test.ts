import { describe, expect, test } from 'vitest'
import type { WatchedCluster } from '../../src/incidents/watched-cluster.ts'
import { ClusterError } from '../../src/kubernetes/errors.ts'
import type { RawObject } from '../../src/kubernetes/raw-object.ts'
import type { ClusterWrites } from '../../src/kubernetes/writes.ts'
import { defaultActionTiming } from '../../src/remediation/settings.ts'
import type { StuckPod } from '../../src/remediation/sources/stuck-pods.ts'
import type { StepContext } from '../../src/remediation/step.ts'
import { deletePods } from '../../src/remediation/steps/pods.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { plain } from '../../src/text.ts'
import { freshIncident } from '../support/incident-samples.ts'
import { only } from '../support/only.ts'
import { bare } from '../support/situation-of.ts'

const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'rs', controller: true }

function podLike(of: { metadata?: object; state?: object }): RawObject {
  const state = of.state ?? { waiting: { reason: 'ImagePullBackOff' } }
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', spec: bare.spec },
    metadata: {
      ...{ namespace: 'shop', name: 'web-1-a', uid: 'u-1', resourceVersion: '7', ownerReferences: [owner] },
      ...of.metadata,
    },
    status: { phase: 'Pending', containerStatuses: [{ name: 'backend', image: 'a:1', state }] },
  }
}

interface Details {
  readonly pods: readonly StuckPod[]
}

interface Seen {
  readonly sent: object[]
  readonly kept: string[]
  readonly told: string[]
}

/** One pod, as the API server has it now, and what it says of a deletion. */
async function run(
  raw: RawObject | undefined,
  remove: () => Promise<'removed' | 'absent'>,
  memory: StepContext<Details>['memory'] = {},
) {
  const seen: Seen = { sent: [], kept: [], told: [] }
  const context = only<StepContext<Details>>({
    timing: { ...defaultActionTiming, batch: 1, poll: 2 },
    details: { pods: [{ namespace: 'shop', name: 'web-1-a', uid: 'u-1', owner: 'ReplicaSet web-1', node: 'n' }] },
    memory,
    incident: freshIncident(),
    watched: only<WatchedCluster>({ cluster: memoryCluster([]) }),
    signal: new AbortController().signal,
    mayIn: async () => true,
    note: async () => undefined,
    keep: async ({ name }) => void seen.kept.push(name),
    effect: async ({ key }) => void seen.told.push(key),
    writes: only<ClusterWrites>({
      raw: async () => raw,
      async remove(_resource, _key, options) {
        seen.sent.push(options)
        return remove()
      },
    }),
  })
  const step = deletePods<Details>({ pods: ({ pods }) => pods, forbidden: 'goes-on' })
  const outcome = await step.run(context)
  return { ...seen, outcome: outcome.step, result: 'result' in outcome && outcome.result ? plain(outcome.result) : '' }
}

const removed = async () => 'removed' as const
const refused = (code: 'conflict' | 'forbidden') => async () => {
  throw new ClusterError(code, 'delete', 'no')
}

describe('one pod that was stuck', () => {
  test('and is: it is kept, deleted by its uid and version, and told of', async () => {
    expect(await run(podLike({}), removed)).toEqual({
      ...{ outcome: 'done', result: '1 pod deleted', kept: ['web-1-a'], told: ['u-1'] },
      sent: [{ uid: 'u-1', resourceVersion: '7' }],
    })
  })

  test.each([
    ['is gone', undefined, '1 pod deleted'],
    ['is another of that name', podLike({ metadata: { uid: 'u-2' } }), '1 pod replaced meanwhile, not touched'],
    ['runs', podLike({ state: { running: {} } }), '1 pod recovered meanwhile, not touched'],
    [
      'waits for something else',
      podLike({ state: { waiting: { reason: 'CrashLoopBackOff' } } }),
      '1 pod recovered meanwhile, not touched',
    ],
    ['has no owner any more', podLike({ metadata: { ownerReferences: [] } }), '1 pod recovered meanwhile, not touched'],
    ['is going already', podLike({ metadata: { deletionTimestamp: '2026-11-24T03:00:00Z' } }), '1 pod deleted'],
  ])('and %s: nothing is sent', async (_what, raw, result) => {
    expect(await run(raw, removed)).toEqual({ outcome: 'done', result, kept: [], told: [], sent: [] })
  })

  test.each([
    ['is gone', undefined],
    ['is another of that name', podLike({ metadata: { uid: 'u-2' } })],
    ['is going', podLike({ metadata: { deletionTimestamp: '2026-11-24T03:00:00Z' } })],
  ])('and %s since its deletion was sent, before an interruption: that is told', async (_what, raw) => {
    const after = { outcome: 'done', result: '1 pod deleted', kept: [], told: ['u-1'], sent: [] }
    expect(await run(raw, removed, { sent: ['u-1'] })).toEqual(after)
  })

  test('and changes under the hand: it is looked at again, and not told of', async () => {
    expect(await run(podLike({}), refused('conflict'))).toMatchObject({
      outcome: 'wait',
      result: 'none, 1 to go',
      told: [],
    })
  })

  test('and may not be deleted: it is left to itself, and not told of', async () => {
    const left = '1 pod left to try again by themselves: not allowed to delete them'
    expect(await run(podLike({}), refused('forbidden'))).toMatchObject({ outcome: 'done', result: left, told: [] })
  })
})
