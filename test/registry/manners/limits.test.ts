import { expect, test } from 'vitest'
import { readQuota, readRetryAfter } from '../../../src/registry/manners/limits.ts'

const now = Date.parse('2026-11-24T03:14:00Z')

test.each([
  ['a number', { 'retry-after': '60' }, 60],
  ['a date', { 'retry-after': 'Tue, 24 Nov 2026 03:15:30 GMT' }, 90],
  [
    "a date, by the server's own clock",
    { 'retry-after': 'Tue, 24 Nov 2026 05:00:10 GMT', date: 'Tue, 24 Nov 2026 05:00:00 GMT' },
    10,
  ],
  ['a date that has passed', { 'retry-after': 'Tue, 24 Nov 2026 03:00:00 GMT' }, 0],
  ['more than a day', { 'retry-after': '9999999999' }, 86_400],
  ['words', { 'retry-after': 'soon' }, undefined],
  ['less than nothing', { 'retry-after': '-5' }, undefined],
  ['nothing', {}, undefined],
])('Retry-After: %s', (_, headers, seconds) => {
  expect(readRetryAfter(headers, now)).toBe(seconds)
})

test.each([
  ['an address', '203.0.113.9', 'address'],
  ['an account', '7f9f6a1c-0d5e-4d8e-9c6b-3a1d2b4c5e6f', 'account'],
  ['nobody', undefined, 'address'],
])('the quota of %s', (_, source, counts) => {
  const headers = {
    'ratelimit-limit': '100;w=21600',
    'ratelimit-remaining': '76;w=21600',
    ...(source && { 'docker-ratelimit-source': source }),
  }
  expect(readQuota(headers)).toEqual({ limit: 100, remaining: 76, window: 21_600, counts })
})

test.each([[{}], [{ 'ratelimit-limit': '100' }], [{ 'ratelimit-limit': '100;w=60', 'ratelimit-remaining': 'many' }]])(
  'there is no quota in %j',
  (headers) => {
    expect(readQuota(headers)).toBeUndefined()
  },
)
