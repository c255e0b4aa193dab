import { expect, test } from 'vitest'
import { causes, lastingOf } from '../../../src/playbooks/image-pull/causes.ts'

test('every cause says whether it may pass by itself', () => {
  const open = causes.map(({ id }) => id).filter((id) => lastingOf(id) === 'unknown')
  expect(open).toEqual([])
})

test('what waiting repairs is transient, what needs a person is final', () => {
  const transient = ['build-running', 'content-locked', 'rate-limited', 'registry-timeout', 'registry-outage']
  const final = ['tag-missing', 'credentials-rejected', 'login-locked', 'invalid-image-name', 'registry-host-unknown']
  expect(transient.map(lastingOf)).toEqual(transient.map(() => 'transient'))
  expect(final.map(lastingOf)).toEqual(final.map(() => 'final'))
  expect(lastingOf('unknown')).toBe('unknown')
  expect(lastingOf('constructor')).toBe('unknown')
})
