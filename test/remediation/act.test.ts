import { expect, test } from 'vitest'
import { incidentRecords } from '../../src/incidents/records.ts'
import { QueueError, type QueueErrorCode } from '../../src/queue/queue.ts'
import { approvalRecords } from '../../src/remediation/approvals/records.ts'
import { createSeal } from '../../src/remediation/approvals/seal.ts'
import { createRemediation } from '../../src/remediation/remediation.ts'
import { createRights } from '../../src/remediation/rights.ts'
import { defaultActionTiming } from '../../src/remediation/settings.ts'
import { Secret } from '../../src/secret.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { freshIncident } from '../support/incident-samples.ts'
import { situationOf } from '../support/situation-of.ts'
import { testStore } from '../support/test-store.ts'

/** One cluster that imagepull may change, but that no step of these tests asks. */
function watchedCluster(name: string) {
  const notExpected = () => {
    throw new Error('the cluster was asked')
  }
  const watched = {
    name,
    cluster: memoryCluster([]),
    namespaces: [],
    gitDirectory: undefined,
    readsSecrets: false,
    openDiagnosis: notExpected,
  }
  const writes = { raw: notExpected, create: notExpected, patch: notExpected, remove: notExpected }
  return { clusters: new Map([[name, watched]]), writes: new Map([[name, writes]]) }
}

/** An approved action that is being executed, with a queue that fails as it is told. */
async function executing() {
  const store = testStore()
  const incidents = incidentRecords(store)
  const { id: incident } = await incidents.create(freshIncident())
  const seal = createSeal(new Secret('xoxb-1'))
  const problems: QueueErrorCode[] = []
  const now = () => new Date('2026-11-24T03:14:00Z')
  const queue = {
    async add() {
      const code = problems.shift()
      if (code) throw new QueueError(code, 'no answer within 2 s')
    },
  }
  const remediation = createRemediation({
    ...{ store, incidents, queue, seal, now, permissions: [], rights: createRights(now) },
    ...watchedCluster('prod-eu'),
    people: { standing: async () => 'member', isInAny: async () => false },
    places: { allows: async () => true },
    settings: situationOf({}).settings,
    timing: { ...defaultActionTiming, poll: 1 },
    onDefect: () => undefined,
    onEnded: () => undefined,
    warn: () => undefined,
  })
  const approvals = approvalRecords(store, seal)
  const target = { kind: 'Deployment', namespace: 'cortex-chat', name: 'a', uid: '' }
  const details = { workload: 'Deployment a', kind: 'Deployment', key: 'cortex-chat/Deployment/a' }
  const plan = { action: 'mute', cluster: 'prod-eu', namespace: 'cortex-chat', target, hash: 'h', details } as const
  const of = { id: 'A1', incident, label: 'Mute', says: '', plan, channel: 'C1' }
  const at = now().toISOString()
  const event = { what: 'approved', at, user: 'U1', team: 'T1', event: 'e1' } as const
  await approvals.step(of, event)
  const steps = [{ id: 'mute', title: 'Muted', state: 'pending' as const, memory: {} }]
  await approvals.step(of, { what: 'began', at, plan, steps })
  const { signal } = new AbortController()
  return {
    ...{ problems, approval: () => approvals.read('A1'), act: () => remediation.act('A1', signal) },
    muted: async () => (await incidents.read(incident))?.muted !== undefined,
  }
}

test('a queue that does not answer in the middle of an action puts it off: it has not failed', async () => {
  const it = await executing()
  it.problems.push('unavailable')
  expect(await it.act()).toEqual({ do: 'wait', ms: 1_000 })
  expect(await it.approval()).toMatchObject({ state: 'executing', steps: [{ state: 'running' }] })
  expect(await it.act()).toEqual({ do: 'idle' })
  expect(await it.approval()).toMatchObject({ state: 'done', steps: [{ state: 'done' }] })
  expect(await it.muted()).toBe(true)
})

test('a job that the queue never takes is a failure', async () => {
  const it = await executing()
  it.problems.push('invalid')
  await it.act()
  expect(await it.approval()).toMatchObject({ state: 'failed' })
})
