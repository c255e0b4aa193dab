import { describe, expect, test } from 'vitest'
import { countAffected, type IncidentSnapshot, noneAffected, type WorkloadObject } from '../../src/incidents/impact.ts'
import type { Affected, AffectedWorkload } from '../../src/incidents/incident.ts'
import { findEnding } from '../../src/incidents/transition.ts'
import { plain, text } from '../../src/text.ts'
import { diagnosisOf, failureOf, freshIncident } from '../support/incident-samples.ts'

const key = 'cortex-chat/Deployment/cortex-chat-backend-simple'
const now = new Date('2026-11-24T03:00:00.000Z')

function seen(
  of: Partial<Omit<IncidentSnapshot, 'objects'>> & { readonly object?: WorkloadObject } = {},
): IncidentSnapshot {
  const { object = { is: 'there', ready: 0, desired: 1, traffic: true }, ...rest } = of
  return { failures: [], starting: new Set(), now, stable: 60_000, objects: new Map([[key, object]]), ...rest }
}

function workload(of: Partial<AffectedWorkload> = {}): AffectedWorkload {
  return {
    namespace: 'cortex-chat',
    kind: 'Deployment',
    name: 'cortex-chat-backend-simple',
    impact: 'down',
    ready: 0,
    desired: 1,
    failing: 1,
    state: 'failing',
    ...of,
  }
}

function only(affected: Affected): AffectedWorkload | undefined {
  return affected.workloads[0]
}

const one: Affected = { ...noneAffected, workloads: [workload()], failing: 1, pods: 1, nodes: 1 }
const well = { is: 'there', ready: 1, desired: 1, traffic: true } as const

describe('a workload', () => {
  test('fails while one of its pods does', () => {
    const counted = countAffected(
      noneAffected,
      seen({ failures: [failureOf(), failureOf({ uid: 'uid-2', node: 'node-3' })] }),
    )
    expect(counted).toMatchObject({ failing: 2, pods: 2, nodes: 2 })
    expect(only(counted)).toMatchObject({ state: 'failing', impact: 'down', failing: 2 })
  })

  test.each<[string, WorkloadObject, AffectedWorkload['impact']]>([
    ['none ready', { is: 'there', ready: 0, desired: 3, traffic: true }, 'down'],
    ['some ready', { is: 'there', ready: 1, desired: 3, traffic: true }, 'degraded'],
    ['all ready: old pods serve', { is: 'there', ready: 3, desired: 3, traffic: true }, 'serving'],
    ['a Job', { is: 'there', ready: 0, desired: 1, traffic: false }, 'no-traffic'],
  ])('with %s', (_of, object, impact) => {
    expect(only(countAffected(noneAffected, seen({ object, failures: [failureOf()] })))?.impact).toBe(impact)
  })

  test('that could not be looked at is what it was', () => {
    const counted = countAffected(one, seen({ object: { is: 'unknown' } }))
    expect(only(counted)).toMatchObject({ impact: 'down', ready: 0, desired: 1, state: 'recovering' })
  })

  test('has recovered when it was ready for a minute', () => {
    const first = countAffected(one, seen({ object: well }))
    expect(only(first)).toMatchObject({ state: 'recovering', readySince: now.toISOString() })
    const soon = countAffected(first, seen({ object: well, now: new Date(now.getTime() + 59_000) }))
    expect(only(soon)?.state).toBe('recovering')
    const then = countAffected(soon, seen({ object: well, now: new Date(now.getTime() + 60_000) }))
    expect(only(then)?.state).toBe('recovered')
  })

  test('has to be ready anew after it failed again', () => {
    const first = countAffected(one, seen({ object: well }))
    const again = countAffected(first, seen({ object: well, failures: [failureOf()] }))
    expect(only(again)).not.toHaveProperty('readySince')
    const later = countAffected(again, seen({ object: well, now: new Date(now.getTime() + 90_000) }))
    expect(only(later)?.state).toBe('recovering')
  })

  test('of which a pod pulls right now has not recovered', () => {
    const before = countAffected(one, seen({ object: well }))
    const pulling = { object: well, starting: new Set([key]), now: new Date(now.getTime() + 90_000) }
    expect(only(countAffected(before, seen(pulling)))?.state).toBe('recovering')
  })

  test.each<[string, WorkloadObject]>([
    ['deleted', { is: 'missing' }],
    ['scaled to 0', { is: 'there', ready: 0, desired: 0, traffic: true }],
  ])('that is %s is gone, which is not fixed', (_of, object) => {
    expect(only(countAffected(one, seen({ object })))?.state).toBe('gone')
  })
})

test('of very many workloads the worst are kept by name, and the rest is counted', () => {
  const failures = Array.from({ length: 450 }, (_, index) => {
    const name = `web-${index}`
    return failureOf({
      uid: `uid-${index}`,
      workload: { kind: 'Deployment', name, key: `cortex-chat/Deployment/${name}` },
    })
  })
  const down: WorkloadObject = { is: 'there', ready: 0, desired: 1, traffic: true }
  const objects = new Map<string, WorkloadObject>([['cortex-chat/Deployment/web-449', down]])
  const counted = countAffected(noneAffected, { ...seen({ failures }), objects })
  expect(counted).toMatchObject({ more: 250, failing: 450 })
  expect(counted.workloads).toHaveLength(200)
  expect(only(counted)).toMatchObject({ name: 'web-449', impact: 'down' })
})

describe('an incident is over', () => {
  const healthy = diagnosisOf({ healthy: true, failing: [], note: text`Its container has pulled. Not a pull problem.` })
  const incident = (...workloads: readonly AffectedWorkload[]) =>
    freshIncident({ affected: { ...one, workloads: [...workloads] } })

  test('when every workload is well and a fresh check finds no failure', () => {
    const ending = findEnding(incident(workload({ state: 'recovered', ready: 1 })), healthy, now)
    expect(ending?.how).toBe('fixed')
    expect(ending?.proof.map(plain)).toEqual([
      'Deployment cortex-chat-backend-simple: 1 of 1 ready for a minute',
      expect.stringMatching(
        /^pod cortex-chat-backend-simple-\S+ has pulled 10\.43\.170\.72:5000\/cortex-chat-backend-simple:latest$/,
      ),
    ])
  })

  test.each<[string, readonly AffectedWorkload[]]>([
    ['one still fails', [workload({ state: 'recovered' }), workload({ name: 'other' })]],
    ['one is not certain', [workload({ state: 'recovered' }), workload({ name: 'other', state: 'recovering' })]],
  ])('not while %s', (_of, workloads) => {
    expect(findEnding(incident(...workloads), healthy, now)).toBeUndefined()
  })

  test('not while the fresh check finds it unwell', () => {
    const sick = diagnosisOf({ healthy: false, failing: [] })
    expect(findEnding(incident(workload({ state: 'recovered' })), sick, now)).toBeUndefined()
  })

  test('as gone when nothing is left of it', () => {
    const ending = findEnding(incident(workload({ state: 'gone' })), undefined, now)
    expect(ending).toMatchObject({ how: 'gone' })
    expect(ending?.proof.map(plain)).toEqual(['Deployment cortex-chat-backend-simple is deleted'])
  })

  test('as fixed when one is gone and the others recovered', () => {
    const other = workload({ name: 'other', state: 'recovered', ready: 1 })
    expect(findEnding(incident(workload({ state: 'gone' }), other), undefined, now)?.how).toBe('fixed')
  })

  test('when its pod was deleted before anybody looked whom it hurts', () => {
    expect(findEnding(incident(workload()), undefined, now)?.how).toBe('gone')
  })
})
