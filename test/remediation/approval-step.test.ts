import { describe, expect, test } from 'vitest'
import {
  type Approval,
  type ApprovalEvent,
  approvalStep,
  isEnded,
  isLate,
} from '../../src/remediation/approvals/approval.ts'
import { text } from '../../src/text.ts'

const plan: Approval['plan'] = {
  ...{ action: 'rerun-build', cluster: 'prod', namespace: 'shop', hash: 'h', details: {} },
  target: { kind: 'Job', namespace: 'shop', name: 'a', uid: 'u' },
}
const maya = { user: 'U1', team: 'T1', at: '2026-11-24T03:00:00Z' }

function approvalIn(state: Approval['state']): Approval {
  return {
    ...{ version: 1, id: 'o1', incident: '7Q4KM', label: 'x', says: 'x', plan, channel: 'C1', seal: '', event: '' },
    ...{ choice: {}, steps: [], state, askedBy: maya, expiresAt: '2026-11-24T03:15:00Z' },
  }
}

const inTime = '2026-11-24T03:14:59Z'
const tooLate = '2026-11-24T03:15:00Z'
const click = { user: 'U2', team: 'T1', event: 'e2' }

function events(at: string): readonly ApprovalEvent[] {
  return [
    { what: 'asked', at, ...click },
    { what: 'approved', at, ...click },
    { what: 'granted', at, ...click },
    { what: 'declined', at, ...click },
    { what: 'began', at, plan, steps: [] },
    { what: 'expired', at },
    { what: 'refused', at, reason: text`x` },
    { what: 'ended', at, how: 'done' },
    { what: 'ended', at, how: 'failed', reason: text`x` },
  ]
}

/** For each state what an event leads to, in the order of `events`; `-`: it changes nothing. */
const inTimeTable: Readonly<Record<Approval['state'], string>> = {
  pending: '- approved approved declined - - - - -',
  approved: '- - - - executing - refused - -',
  executing: '- - - - - - - done failed',
  declined: 'pending approved - - - - - - -',
  expired: 'pending approved - - - - - - -',
  done: '- - - - - - - - -',
  failed: '- - - - - - - - -',
  refused: '- - - - - - - - -',
}
/** What is late can only expire; what is being executed goes on, and what has ended can be asked for anew. */
const lateTable: Readonly<Record<Approval['state'], string>> = {
  ...inTimeTable,
  pending: '- - - - - expired - - -',
  approved: '- - - - - expired - - -',
}

const states = Object.keys(inTimeTable) as Approval['state'][] // its own keys

describe.each([
  ['in time', inTime, inTimeTable],
  ['too late', tooLate, lateTable],
] as const)('%s', (_when, at, table) => {
  test.each(states)('from %s', (state) => {
    const reached = events(at).map((event) => approvalStep(approvalIn(state), event)?.state ?? '-')
    expect(reached.join(' ')).toBe(table[state])
  })
})

test('what has ended once can never be executed again, whatever happens', () => {
  const reach = new Set<Approval['state']>(['done', 'failed', 'refused'])
  for (const state of reach)
    for (const event of [...events(inTime), ...events(tooLate)]) {
      const next = approvalStep(approvalIn(state), event)
      if (next) reach.add(next.state)
    }
  expect(reach).toEqual(new Set(['done', 'failed', 'refused']))
})

test('an approval counts from its own click, and has what was chosen with it and nothing of the one before', () => {
  const before = { ...approvalIn('expired'), choice: { minutes: '4320' } }
  const approved = approvalStep(before, { what: 'approved', at: inTime, ...click, choice: { of: 'incident' } })
  expect(approved).toMatchObject({
    decidedBy: { user: 'U2', team: 'T1', at: inTime },
    event: 'e2',
    expiresAt: '2026-11-24T03:29:59.000Z',
  })
  expect(approved?.choice).toEqual({ of: 'incident' })
  const granted = approvalStep(
    { ...approvalIn('pending'), choice: { minutes: '1' } },
    { what: 'granted', at: inTime, ...click },
  )
  expect(granted?.choice).toEqual({})
  expect(granted?.askedBy).toEqual(maya)
})

test('ends and lateness', () => {
  expect(states.filter((state) => isEnded(approvalIn(state)))).toEqual([
    'declined',
    'expired',
    'done',
    'failed',
    'refused',
  ])
  expect([inTime, tooLate].map((at) => isLate(approvalIn('pending'), at))).toEqual([false, true])
})
