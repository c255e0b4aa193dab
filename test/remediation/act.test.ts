import { expect, test } from 'vitest'
import { incidentRecords } from '../../src/incidents/records.ts'
import { Later, QueueError, type QueueErrorCode } from '../../src/queue/queue.ts'
import { approvalRecords } from '../../src/remediation/approvals/records.ts'
import { createSeal } from '../../src/remediation/approvals/seal.ts'
import { act } from '../../src/remediation/execution/execute.ts'
import type { RemediationWorld } from '../../src/remediation/remediation-world.ts'
import { Secret } from '../../src/secret.ts'
import { freshIncident } from '../support/incident-samples.ts'
import { testStore } from '../support/test-store.ts'

/** An approved action that is being executed, with a queue that fails as it is told. */
async function executing() {
  const store = testStore()
  const incidents = incidentRecords(store)
  const { id: incident } = await incidents.create(freshIncident())
  const seal = createSeal(new Secret('xoxb-1'))
  const problems: QueueErrorCode[] = []
  const now = () => new Date('2026-11-24T03:14:00Z')
  const world = {
    incidents: {
      ...{ store, incidents, now, clusters: new Map([['prod-eu', {}]]) },
      queue: {
        async add() {
          const code = problems.shift()
          if (code) throw new QueueError(code, 'no answer within 2 s')
        },
      },
    },
    ...{ writes: new Map([['prod-eu', {}]]), permissions: [], seal, pauses: { poll: 1 } },
    warn: () => undefined,
    ended: () => undefined,
  } as unknown as RemediationWorld // all of it that is used
  const approvals = approvalRecords(store)
  const target = { kind: 'Deployment', namespace: 'cortex-chat', name: 'a', uid: '' }
  const details = { workload: 'Deployment a', kind: 'Deployment', key: 'cortex-chat/Deployment/a' }
  const plan = { action: 'mute', cluster: 'prod-eu', namespace: 'cortex-chat', target, hash: 'h', details } as const
  const of = { id: 'A1', incident, label: 'Mute', says: '', plan, channel: 'C1' }
  const at = now().toISOString()
  const event = { what: 'approved', at, user: 'U1', team: 'T1', event: 'e1' } as const
  await approvals.step(of, event, seal.of)
  const steps = [{ id: 'mute', title: 'Muted', state: 'pending' as const, memory: {} }]
  await approvals.step(of, { what: 'began', at, plan, steps }, seal.of)
  const job = { signal: new AbortController().signal }
  return {
    ...{ problems, approval: () => approvals.read('A1'), act: () => act(world, 'A1', job) },
    muted: async () => (await incidents.read(incident))?.muted !== undefined,
  }
}

test('a queue that does not answer in the middle of an action puts it off: it has not failed', async () => {
  const it = await executing()
  it.problems.push('unavailable')
  await expect(it.act()).rejects.toThrow(Later)
  expect(await it.approval()).toMatchObject({ state: 'executing', steps: [{ state: 'running' }] })
  await it.act()
  expect(await it.approval()).toMatchObject({ state: 'done', steps: [{ state: 'done' }] })
  expect(await it.muted()).toBe(true)
})

test('a job that the queue never takes is a failure', async () => {
  const it = await executing()
  it.problems.push('invalid')
  await it.act()
  expect(await it.approval()).toMatchObject({ state: 'failed' })
})
