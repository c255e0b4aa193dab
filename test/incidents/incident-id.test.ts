import { expect, test } from 'vitest'
import { incidentId } from '../../src/incidents/records.ts'

test('an id is short, and has no letter that is mistaken for another', () => {
  const ids = Array.from({ length: 1_000 }, () => incidentId())
  expect(ids.every((id) => /^[2-9A-HJKMNP-TV-Z]{5}$/.test(id))).toBe(true)
  expect(new Set(ids).size).toBeGreaterThan(990)
})

test('who chooses the letters chooses the id', () => {
  expect(incidentId(() => 0)).toBe('22222')
})
