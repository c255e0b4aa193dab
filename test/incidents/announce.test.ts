import { describe, expect, test } from 'vitest'
import { announcement, untilAnnounced } from '../../src/incidents/announce.ts'
import type { Incident } from '../../src/incidents/incident.ts'
import { transition } from '../../src/incidents/transition.ts'
import { text } from '../../src/text.ts'
import { containerOf, diagnosisOf, freshIncident, verdictOf } from '../support/incident-samples.ts'

const began = '2026-11-24T03:00:00.000Z'
const now = new Date(began)
const settings = { grace: 60_000, settle: 5_000 }
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1_000)

function unasked(cause?: string, impact: 'down' | 'serving' = 'serving'): Incident {
  const fresh = { ...freshIncident(), announce: announcement(began, now, settings) }
  if (!cause) return fresh
  const diagnosis = diagnosisOf({
    failing: [containerOf({ verdict: verdictOf({ cause }) })],
    impact: { state: impact, ready: impact === 'down' ? 0 : 1, desired: 2, services: [] },
  })
  return transition(fresh, { what: 'diagnosed', at: began, diagnosis, took: 1 })
}

describe('seconds until an incident is told of', () => {
  test.each<[string, Incident, number]>([
    ['asked for by somebody', freshIncident(), 0],
    ['with a verdict: the grace time', unasked('tag-missing'), 60],
    ['without one yet: a little longer', unasked(), 75],
    ['of what may pass: longer', unasked('rate-limited'), 600],
    ['of what may pass, while somebody is down', unasked('rate-limited', 'down'), 60],
    ['that heals', { ...unasked('tag-missing'), healing: text`It pulls now.` }, 600],
  ])('%s', (_of, incident, seconds) => {
    expect(untilAnnounced(incident, now)).toBe(seconds * 1_000)
    expect(untilAnnounced(incident, later(seconds))).toBe(0)
  })

  test('the clock was set back since it began: nothing waits for the difference', () => {
    expect(untilAnnounced(unasked('rate-limited'), later(-300))).toBe(0)
    expect(announcement(later(300).toISOString(), now, settings).from).toBe(later(60).toISOString())
  })

  test('what has failed for long waits only for other reports of it', () => {
    expect(announcement('2026-11-24T02:00:00.000Z', now, settings)).toEqual({
      from: later(5).toISOString(),
      passingFrom: later(5).toISOString(),
    })
  })
})

test('what ends before it was told of is never told of', () => {
  const ended = { what: 'ended', at: began, how: 'fixed', proof: [] } as const
  expect(transition(unasked('tag-missing'), ended).state).toBe('quiet')
  const told = transition(unasked('tag-missing'), { what: 'announced', at: began })
  expect(transition(told, ended).state).toBe('fixed')
})
