import { describe, expect, test } from 'vitest'
import { cutName } from '../../src/remediation/actions/wording.ts'
import { createSeal } from '../../src/remediation/approvals/seal.ts'
import { canonicalHash } from '../../src/remediation/canonical-hash.ts'
import { Secret } from '../../src/secret.ts'

describe('a name that is cut', () => {
  test.each([
    ['short', 10, 'short'],
    ['exactly-10', 10, 'exactly-10'],
    ['abcdefghijk', 10, 'abcde…hijk'],
    ['cortex-chat-backend-simple-5d9cf86b95-26kvf', 20, 'cortex-cha…b95-26kvf'],
    ['', 10, ''],
  ])('%s to %i: %s', (name, limit, expected) => {
    expect(cutName(name, limit)).toBe(expected)
  })
})

describe('the hash of a plan', () => {
  test.each([
    ['the order of keys', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ['what is undefined', { a: 1, b: undefined }, { a: 1 }],
    ['keys within lists', [{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
    ['a store in between', { a: ['x'], b: null }, JSON.parse(JSON.stringify({ b: null, a: ['x'] }))],
  ])('does not tell %s', (_what, one, other) => {
    expect(canonicalHash(one)).toBe(canonicalHash(other))
  })

  test.each([
    ['another value', { a: 1 }, { a: 2 }],
    ['a number and its digits', { a: 1 }, { a: '1' }],
    ['another key', { a: 1 }, { b: 1 }],
    ['the order of a list', ['a', 'b'], ['b', 'a']],
    ['nothing and null', {}, { a: null }],
    ['one more', { a: [] }, { a: [[]] }],
    ['a key that looks like a value', { a: { b: 'c' } }, { a: 'b', b: 'c' }],
  ])('tells %s', (_what, one, other) => {
    expect(canonicalHash(one)).not.toBe(canonicalHash(other))
  })
})

describe('a seal', () => {
  const target = { kind: 'Job', namespace: 'shop', name: 'a', uid: 'u' }
  const plan = {
    action: 'rerun-build' as const,
    cluster: 'prod',
    namespace: 'shop',
    target,
    hash: 'h',
    details: { a: 1 },
  }
  const decidedBy = { user: 'U1', team: 'T1', at: '2026-11-24T03:00:00Z' }
  const approval = { id: 'o1', incident: '7Q4KM', plan, channel: 'C1', decidedBy, choice: { minutes: '60' } }
  const seal = createSeal(new Secret('xoxb-of-this-program'))
  const sealed = { ...approval, seal: seal.of(approval) }

  test('fits what it was made for, also after it was stored', () => {
    expect(seal.fits(sealed)).toBe(true)
    expect(createSeal(new Secret('xoxb-of-this-program')).fits(JSON.parse(JSON.stringify(sealed)))).toBe(true)
  })

  test.each([
    ['another id', { id: 'o2' }],
    ['another incident', { incident: '7Q4KN' }],
    ['another channel', { channel: 'C2' }],
    ['another action', { plan: { ...plan, action: 'mute' as const } }],
    ['another uid', { plan: { ...plan, target: { ...target, uid: 'v' } } }],
    ['other details', { plan: { ...plan, details: { a: 2 } } }],
    ['another person', { decidedBy: { ...decidedBy, user: 'U2' } }],
    ['another team', { decidedBy: { ...decidedBy, team: 'T2' } }],
    ['another time', { decidedBy: { ...decidedBy, at: '2026-11-24T03:00:01Z' } }],
    ['another choice', { choice: { minutes: '61' } }],
    ['no seal', { seal: '' }],
    ['half a seal', { seal: sealed.seal.slice(0, 20) }],
  ])('does not fit %s', (_what, other) => {
    expect(seal.fits({ ...sealed, ...other })).toBe(false)
  })

  test('of another program does not fit', () => {
    expect(createSeal(new Secret('xoxb-of-another-one')).fits(sealed)).toBe(false)
  })
})
