import { describe, expect, test } from 'vitest'
import type { AlertPost } from '../../src/incidents/alerts/alert.ts'
import { type Incident, incidentSchema } from '../../src/incidents/incident.ts'
import { isOver, transition } from '../../src/incidents/transition.ts'
import { plain, text } from '../../src/text.ts'
import { at, containerOf, diagnosisOf, failureOf, freshIncident, verdictOf } from '../support/incident-samples.ts'

const later = '2026-11-24T03:14:00.000Z'

function diagnosed(before: Incident, cause = 'image-never-built', when = later): Incident {
  const container = containerOf({ verdict: verdictOf({ cause, title: cause }) })
  return transition(before, {
    what: 'diagnosed',
    at: when,
    diagnosis: diagnosisOf({ failing: [container] }),
    took: 2_800,
  })
}

function asked(before: Incident, request: string, when = later): Incident {
  return transition(before, { what: 'asked', at: when, by: 'U0MAYA', request })
}

test('a record is what it was after it was written', () => {
  const incident = diagnosed(asked(freshIncident(), 'r1'))
  expect(incidentSchema.parse(JSON.parse(JSON.stringify(incident)))).toEqual(JSON.parse(JSON.stringify(incident)))
})

describe('a check', () => {
  test('begins, runs and ends with a verdict', () => {
    const running = transition(freshIncident(), { what: 'check-began', at: later })
    expect(running.check).toMatchObject({ shown: true, state: 'running' })
    const done = diagnosed(running)
    expect(done).toMatchObject({ state: 'open', findings: 1, flaps: 0, checkedAt: later })
    expect(done.check).toMatchObject({ state: 'done', took: 2_800, looked: 2, unseen: 1 })
    expect(done.affected.workloads).toMatchObject([{ name: 'cortex-chat-backend-simple', impact: 'down', failing: 1 }])
  })

  test('that begins while one runs was interrupted', () => {
    const running = transition(freshIncident(), { what: 'check-began', at })
    const again = transition(running, { what: 'check-began', at: later })
    expect(again.check).toMatchObject({ state: 'running', interruptedAt: later })
    expect(again.timeline.map(({ what }) => what)).toContain('interrupted')
  })

  test('that was not possible ends an incident only before there was a verdict', () => {
    const reason = text`the API server does not answer`
    const first = transition(freshIncident(), { what: 'check-failed', at, reason })
    expect(first.state).toBe('failed')
    const open = transition(diagnosed(freshIncident()), { what: 'check-failed', at: later, reason })
    expect(open.state).toBe('open')
    expect(open.check.failure && plain(open.check.failure)).toBe('the API server does not answer')
  })
})

describe('the plan', () => {
  const steps = [{ id: 'pod', title: 'Reading the pod', state: 'done' as const }]
  const check = (before: Incident): Incident => {
    const running = transition(before, { what: 'check-began', at: later })
    return diagnosed(transition(running, { what: 'steps', at: later, steps }))
  }

  test('shows the steps of a check that people wait for', () => {
    expect(check(freshIncident()).plan).toMatchObject({ steps, check: { state: 'done', looked: 2 } })
  })

  test('keeps them when the cluster is looked at again by itself', () => {
    const open = check(freshIncident())
    const again = transition(open, { what: 'check-began', at: later })
    expect(again).toMatchObject({ check: { state: 'running', shown: false }, plan: open.plan })
    expect(transition(again, { what: 'steps', at: later, steps: [] }).plan).toEqual(open.plan)
  })

  test('begins anew for who asks again', () => {
    const again = transition(asked(check(freshIncident()), 'r2'), { what: 'check-began', at: later })
    expect(again.plan).toMatchObject({ steps: [], check: { state: 'running' } })
  })
})

describe('who asks', () => {
  test('is noted once for each request', () => {
    const twice = asked(asked(freshIncident(), 'r1'), 'r1')
    expect(twice.askers).toHaveLength(1)
    expect(asked(twice, 'r2').askers).toHaveLength(2)
  })

  test('after a verdict has pressed for another check, until there is an answer', () => {
    expect(asked(freshIncident(), 'r1').pressed).toBeUndefined()
    const pressed = asked(diagnosed(freshIncident()), 'r2')
    expect(pressed.pressed).toEqual({ by: 'U0MAYA', at: later })
    expect(diagnosed(pressed).pressed).toBeUndefined()
  })
})

describe('a verdict that changes', () => {
  test('the same again is no new reply', () => {
    expect(diagnosed(diagnosed(freshIncident())).findings).toBe(1)
  })

  test('is a reply of its own, twice without being asked', () => {
    const causes = ['a', 'b', 'c', 'd', 'e']
    const all = causes.reduce((before, cause) => diagnosed(before, cause), freshIncident())
    expect(all).toMatchObject({ findings: 3, flaps: 2 })
    expect(all.verdicts.map(({ cause }) => cause)).toEqual(causes)
  })

  test('back and forth is only counted', () => {
    const flapping = ['a', 'b', 'a', 'b', 'a'].reduce((before, cause) => diagnosed(before, cause), freshIncident())
    expect(flapping).toMatchObject({ findings: 2, flaps: 3 })
  })

  test('is a reply where somebody asked', () => {
    const open = ['a', 'b', 'c'].reduce((before, cause) => diagnosed(before, cause), freshIncident())
    expect(diagnosed(asked(open, 'r9'), 'd').findings).toBe(4)
  })

  test('changes what the incident is about', () => {
    const way = diagnosisOf({
      failing: [containerOf({ at: 'way', verdict: verdictOf({ cause: 'registry-timeout' }) })],
    })
    const open = transition(freshIncident(), { what: 'diagnosed', at: later, diagnosis: way, took: 1 })
    expect(JSON.parse(open.key)).toEqual(['prod-eu', 'registry', '10.43.170.72:5000'])
    expect(JSON.parse(diagnosed(open).key)[1]).toBe('image')
  })
})

describe('an end', () => {
  const proof = [text`Deployment web: 1 of 1 ready for a minute`]
  test.each(['fixed', 'gone', 'elsewhere'] as const)('%s is an end, and happens once', (how) => {
    const ended = transition(diagnosed(freshIncident()), { what: 'ended', at: later, how, proof })
    expect(isOver(ended)).toBe(true)
    expect(transition(ended, { what: 'ended', at, how: 'gone', proof: [] })).toBe(ended)
  })

  test('nothing is diagnosed after it', () => {
    const ended = transition(freshIncident(), { what: 'ended', at: later, how: 'gone', proof })
    expect(diagnosed(ended)).toBe(ended)
  })
})

describe('what alerts tell', () => {
  const heard = (before: Incident, of: Partial<{ firing: number; channels: string[]; posts: AlertPost[] }>) =>
    transition(before, { what: 'alerts-changed', at: later, firing: 1, channels: [], posts: [], ...of })
  const home = freshIncident().channel
  const post = { channel: 'C0ALERTS000', ts: '1.1' }

  test('is counted, and written down once', () => {
    const twice = heard(heard(freshIncident(), { firing: 3 }), { firing: 0 })
    expect(twice.alertsFiring).toBe(0)
    expect(twice.timeline.filter(({ what }) => what === 'alerted')).toHaveLength(1)
  })

  test('of nothing is nothing', () => {
    const before = freshIncident()
    expect(heard(before, { firing: 0 })).toBe(before)
  })

  test('other channels are told once, and not where a post is answered', () => {
    const told = heard(freshIncident(), { channels: [home, 'C0OTHER0000', 'C0ALERTS000'], posts: [post, post] })
    expect(told).toMatchObject({ echoes: ['C0OTHER0000'], posts: [post] })
    expect(heard(told, { channels: ['C0OTHER0000'], posts: [post] })).toMatchObject({
      echoes: ['C0OTHER0000'],
      posts: [post],
    })
  })
})

describe('what happens again', () => {
  const ended = transition(diagnosed(asked(freshIncident(), 'r1')), {
    what: 'ended',
    at: later,
    how: 'fixed',
    proof: [],
  })
  const again = transition(ended, { what: 'reopened', at: later, failure: failureOf({ pod: 'another' }) })

  test('is the same incident, which is checked anew', () => {
    expect(again).toMatchObject({ state: 'checking', again: 1, verdicts: [], subject: { pod: 'another' } })
    expect(again).not.toHaveProperty('ended')
    expect(diagnosed(again)).toMatchObject({ state: 'open', findings: 2 })
  })

  test('while it is open changes nothing', () => {
    expect(transition(again, { what: 'reopened', at: later, failure: failureOf() })).toBe(again)
  })
})

test('records stay bounded', () => {
  const many = Array.from({ length: 300 }, (_, index) => index)
  const incident = many.reduce(
    (before, index) => diagnosed(asked(before, `r${index}`), `cause-${index}`),
    freshIncident(),
  )
  expect(incident.timeline.length).toBe(100)
  expect(incidentSchema.safeParse(JSON.parse(JSON.stringify(incident))).success).toBe(true)
})
