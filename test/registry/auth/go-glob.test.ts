import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globMatches } from '../../../src/registry/auth/go-glob.ts'

test.each([
  ['*', '', true],
  ['a*c', 'abbbc', true],
  ['a*c', 'abbbd', false],
  ['*a*b*', 'xaxbx', true],
  ['*a*b', 'xaxbxc', false],
  ['[a-c]?', 'bz', true],
  ['[^a-c]', 'b', false],
  ['[a-ü]', 'z', true],
  ['\\*', '*', true],
  ['\\', '\\', false],
  ['[]a]', ']', false],
  ['[a', 'a', false],
  ['[a-]', 'a', false],
])('%s and %s: %s', (pattern, label, fits) => {
  expect(globMatches(Buffer.from(pattern).toString('latin1'), label)).toBe(fits)
})

// A backtracking matcher needs longer than the age of the universe for the first of these.
test('patterns made to be slow are not', () => {
  const label = 'a'.repeat(63)
  expect(globMatches(`${'*'.repeat(5_000)}b`, label)).toBe(false)
  expect(globMatches(`${'*a'.repeat(60)}*b`, label)).toBe(false)
  expect(globMatches(`[${'a-z'.repeat(400_000)}]*`, label)).toBe(true)
  expect(globMatches(`${'[a]'.repeat(400_000)}`, label)).toBe(false)
})

test('a star stands for any text', () => {
  const text = fc.stringMatching(/^[a-z0-9-]{0,20}$/)
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), text, (parts, between) => {
      expect(globMatches(parts.join('*'), parts.join(between))).toBe(true)
    }),
  )
})
