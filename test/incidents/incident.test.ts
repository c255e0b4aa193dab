import { expect, test } from 'vitest'
import { type Incident, incidentSchema, incidentVersion } from '../../src/incidents/incident.ts'

const incident: Incident = {
  version: incidentVersion,
  id: '7Q4',
  cluster: 'prod-eu',
  namespace: 'shop',
  pod: 'web-5d9cf86b95-26kvf',
  subject: 'Deployment web',
  channel: 'C0123456789',
  askers: [{ user: 'U0123456789', at: '2026-11-24T03:14:00.000Z' }],
  state: 'checking',
  openedAt: '2026-11-24T03:14:00.000Z',
  steps: [],
  round: 1,
  timeline: [],
}

test('a record is what it was after it was written', () => {
  expect(incidentSchema.parse(JSON.parse(JSON.stringify(incident)))).toEqual(incident)
})

test('a record of another version is not read', () => {
  expect(incidentSchema.safeParse({ ...incident, version: incidentVersion + 1 }).success).toBe(false)
})

test('more steps than a plan shows are refused', () => {
  const step = { id: 'pod', title: 'Reading the pod', state: 'done' }
  expect(incidentSchema.safeParse({ ...incident, steps: Array.from({ length: 7 }, () => step) }).success).toBe(false)
})
