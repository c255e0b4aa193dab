import { expect, test } from 'vitest'
import { findAction } from '../../src/remediation/actions.ts'
import { createAuthority } from '../../src/remediation/approvals/authorise.ts'
import type { Standing } from '../../src/remediation/permissions.ts'
import { actOn } from '../../src/slack/listeners/actions.ts'
import { readBlocks } from '../support/read-blocks.ts'
import { slackListeners } from '../support/slack-listeners.ts'

const permission = { action: 'rerun-build', clusters: ['*'], namespaces: ['*'], groups: [], users: ['U1'] }

function authorise(standing: Standing, here = true) {
  const authority = createAuthority({
    people: { standing: async () => standing, isInAny: async () => false },
    places: { allows: async () => here },
    permissions: [permission],
  })
  const place = { cluster: 'prod', namespace: 'shop', channel: 'C1' }
  return (user: string) => authority({ action: findAction('rerun-build'), ...place, user })
}

test.each<[Standing, string]>([
  ['guest', 'outsider'],
  ['stranger', 'outsider'],
  ['bot', 'outsider'],
  ['deleted', 'outsider'],
  ['unknown', 'unidentified'],
  ['not-granted', 'scope-missing'],
])('%s: not allowed, because of %s', async (standing, why) => {
  expect(await authorise(standing)('U1')).toEqual({ allowed: false, why })
})

test('a member is allowed what the configuration allows them, where the channel may be used for it', async () => {
  expect(await authorise('member')('U1')).toEqual({ allowed: true })
  expect(await authorise('member')('U2')).toMatchObject({ allowed: false, why: 'person', who: { users: ['U1'] } })
  expect(await authorise('member', false)('U1')).toEqual({ allowed: false, why: 'place' })
})

test.each([
  ['outsider', /Guests and people from other organisations/],
  ['unidentified', /Slack can't tell me who you are at the moment/],
  ['scope-missing', /lacks the scope users:read/],
  ['not-here', /channel/],
] as const)('who is refused as %s reads why', async (decision, words) => {
  const { listeners } = slackListeners({ channels: {}, configuration: { channels: [] } })
  const click = {
    wish: 'do',
    action: 'rerun-build',
    offer: 'o1',
    user: 'U1',
    team: 'T1',
    channel: 'C1',
    event: 'e',
  } as const
  const message = await actOn({ ...listeners, decide: async () => ({ decision }) }, click)
  expect(readBlocks([...(message?.blocks ?? [])])).toMatch(words)
})
