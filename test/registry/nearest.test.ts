import { describe, expect, test } from 'vitest'
import { nearestRepositories, nearestTags } from '../../src/registry/nearest.ts'

const names = (near: readonly { readonly name: string }[]): readonly string[] => near.map(({ name }) => name)

describe('tags', () => {
  test.each([
    ['V1.0', ['v1.0', '2.0'], 'v1.0'],
    ['1.0', ['v1.0', '1.1'], 'v1.0'],
    ['alpin', ['alpine', 'latest'], 'alpine'],
    ['1.26', ['1.24', '1.25', '1.27', '1.9'], '1.25'],
  ])('%s of %j: %s', (tag, tags, first) => {
    expect(nearestTags(tag, tags)[0]?.name).toBe(first)
  })

  test('both neighbours by version, not by letters, and the highest', () => {
    expect(names(nearestTags('1.10.0', ['1.9.0', '1.11.0', '1.2.0', '2.0.0']))).toEqual(['1.9.0', '1.11.0', '2.0.0'])
  })

  test('versions before their release come before it, by numbers and words as semver.org has them', () => {
    const tags = ['v2.0.0-alpha', '2.0.0-rc.10', '2.0.0-rc.9', '1.9', '2.0.1']
    expect(names(nearestTags('2.0.0', tags)).slice(0, 2)).toEqual(['2.0.0-rc.10', '2.0.1'])
    expect(names(nearestTags('2.0.0-rc.9', tags))[0]).toBe('v2.0.0-alpha')
  })

  test('a date or a hash is no version', () => {
    expect(names(nearestTags('9f2c1ab', ['20260118', 'a1b2c3d4', 'main']))).not.toContain('a1b2c3d4')
  })

  test('of thousands, in no time, at most five', () => {
    const tags = Array.from({ length: 5_000 }, (_, index) => `build-${index}`)
    const near = nearestTags('build-123x', tags)
    expect(near.length).toBeLessThanOrEqual(5)
    expect(names(near)).toContain('build-123')
  })

  test('there are none', () => {
    expect(nearestTags('1.0', [])).toEqual([])
  })
})

test('repositories: the same name elsewhere, a typing error, the same beginning', () => {
  const all = ['cortex-chat-backend', 'team/cortex-chat-frontnd', 'cortex-chat-fronten', 'other']
  expect(names(nearestRepositories('cortex-chat-frontend', all))).toContain('cortex-chat-fronten')
  expect(names(nearestRepositories('cortex-chat-backend-simple', all))[0]).toBe('cortex-chat-backend')
  expect(nearestRepositories('app', ['team/app', 'x'])[0]).toEqual({ name: 'team/app', why: 'same name elsewhere' })
})

test('lists that are made to be slow, or are too long, give few names, and the first of them', () => {
  const alike = Array.from({ length: 200_000 }, (_, index) => `t${index}/${'a'.repeat(240)}`)
  expect(names(nearestRepositories(`x/${'a'.repeat(240)}`, alike))).toEqual(alike.slice(0, 5))
  expect(nearestTags('a'.repeat(1_000_000), alike)).toEqual([])
  expect(nearestTags('a', ['b'.repeat(1_000_000), 'b'])).toHaveLength(1)
})
