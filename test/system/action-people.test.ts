import { describe, expect, test } from 'vitest'
import { acting } from '../support/acting.ts'
import { actingCases } from '../support/acting-cases.ts'
import { actingRecords } from '../support/acting-records.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { buttonValue } from '../support/button-value.ts'
import { eventually } from '../support/eventually.ts'
import { forgePress } from '../support/forge-press.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { until } from '../support/running-app.ts'
import { untilOffered } from '../support/until-offered.ts'
import { written } from '../support/written.ts'

const { maya, ada, ben, tom, zoe, eve, old, robot, incidents, lobby, oncall } = actionWorkspace
const { failedBuild } = actingCases
const { action } = failedBuild

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const everybody = [maya, ada, ben, tom, zoe, eve, old, robot]
const once = ['POST jobs', expect.stringMatching(/^DELETE pods\/cart-/)]

describe.skipIf(whyNoRedis).concurrent('who is in the group on call, and may nevertheless not', () => {
  const rows = [
    ['a guest of several channels', tom],
    ['a guest of one channel', zoe],
    ['somebody of another organisation', eve],
    ['somebody who has left', old],
    ["another app's bot", robot],
  ] as const

  test.each(rows)('%s', async (_who, user) => {
    await using talk = await acting({ redis: true })
    const message = await untilOffered(talk, failedBuild)
    await using records = await actingRecords(talk)
    const forge = await forgePress(talk.slack, { message, user: maya })
    const value = buttonValue(talk.own(), action)
    await forge({ user, action, value })
    for (const wish of ['ask-them', 'grant', 'decline']) await forge({ user, action: wish, value })
    const refusals = async () =>
      (await records.audit()).map(({ what, who, result }) => `${what} of ${who?.user}: ${result}`)
    await eventually(refusals, Array(4).fill(`refusal of ${user}: outsider`))
    if (user !== old && user !== robot) await talk.told(user, /^Guests and people from other organisations can read/)
    const others = everybody.filter((it) => it !== user)
    expect(others.flatMap((it) => talk.slack.ephemerals(it))).toEqual([])
    expect(await records.approval(value)).toBeUndefined()
    expect(written(talk)).toEqual([])
    expect(talk.says()).not.toMatch(/asks for/)
  })

  test.each([
    ['because the app lacks the scope', 'missing_scope', /lacks the scope users:read/],
    ['at the moment', 'internal_error', /Slack can't tell me who you are at the moment/],
  ])('anybody, while Slack does not say who they are %s: they are not called a guest', async (_why, error, words) => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, failedBuild)
    talk.slack.fail('users.info', { kind: 'refusal', error }, 5)
    await talk.press(action, ada) // what is known of Maya, who asked, still counts
    await talk.told(ada, words)
    expect(written(talk)).toEqual([])
  })

  test('a member, while Slack does not say who is in the group', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, failedBuild)
    talk.slack.fail('usergroups.users.list', { kind: 'refusal', error: 'missing_scope' }, 5)
    await talk.press(action)
    await talk.told(maya, /^Rerun build in shop is for @platform-oncall/)
    expect(written(talk)).toEqual([])
  })
})

describe.skipIf(whyNoRedis).concurrent('the configuration allows it', () => {
  const any = { action: '*', clusters: ['*'], namespaces: ['*'] }
  const rows = [
    ['a user', [{ ...any, users: [ben] }], ben, maya],
    ['a group', [{ ...any, groups: [oncall] }], maya, ben],
    [
      'a user here, and a group in another namespace',
      [
        { ...any, namespaces: ['shop'], users: [ben] },
        { ...any, namespaces: ['blog'], groups: [oncall] },
      ],
      ben,
      maya,
    ],
    [
      'a user here, and a group in another cluster',
      [
        { ...any, users: [ben] },
        { ...any, clusters: ['other'], groups: [oncall] },
      ],
      ben,
      maya,
    ],
    [
      'a user for this, and a group for another action',
      [
        { ...any, action: 'rerun-build', users: [ben] },
        { ...any, action: 'roll-back', groups: [oncall] },
      ],
      ben,
      maya,
    ],
    ['anybody', [{ ...any, users: ['*'] }], ben, eve],
  ] as const

  test.each(rows)('to %s, and to nobody else', async (_who, permissions, may, mayNot) => {
    await using talk = await acting({ redis: true, configuration: { permissions } })
    await untilOffered(talk, failedBuild)
    await talk.press(action, mayNot)
    await talk.told(mayNot, /^(?:Rerun build in shop is for @|Guests and)/)
    expect(written(talk)).toEqual([])
    const others = everybody.filter((it) => it !== mayNot)
    expect(others.flatMap((it) => talk.slack.ephemerals(it))).toEqual([])
    await talk.press(action, may)
    await talk.hears(/✅ FIXED/)
    expect(written(talk)).toEqual(once)
  })

  test.each([
    ['nobody', []],
    ['somebody elsewhere', [{ ...any, namespaces: ['blog'], groups: [oncall] }]],
    ['a group that is not named', [{ ...any }]],
  ])('to %s: no button, and it is said why', async (_who, permissions) => {
    await using talk = await acting({ redis: true, configuration: { permissions } })
    await failedBuild.fail(talk.cluster)
    await talk.ask(failedBuild.target)
    await talk.hears(/Actions not offered[\s\S]*Rerun build: nobody has permission in shop: see "permissions"/)
    expect(talk.says()).not.toContain('[Rerun build]')
  })

  test('but not in a channel for questions alone, nor in one that others read', async () => {
    const channels = [
      { id: incidents, may: ['commands', 'actions'] },
      { id: lobby, may: ['commands'] },
    ]
    await using talk = await acting({ redis: true, configuration: { channels } })
    await failedBuild.fail(talk.cluster)
    await talk.ask(failedBuild.target, lobby)
    await talk.hears(failedBuild.button, 30, lobby)
    await talk.press(action, maya, { channel: lobby })
    await talk.told(maya, /^Actions in this cluster and namespace are not enabled/)
    expect(written(talk)).toEqual([])
  })

  test('until the channel is shared with another organisation', async () => {
    let shift = 0
    await using talk = await acting({ redis: true, now: () => new Date(Date.now() + shift) })
    const message = await untilOffered(talk, failedBuild)
    const forge = await forgePress(talk.slack, { message, user: maya })
    const value = buttonValue(talk.own(), action)
    await talk.slack.share({ user: maya, channel: incidents })
    shift = 61_000 // what is known of a channel is forgotten by then
    await forge({ user: maya, action, value })
    await talk.told(maya, /^Actions in this cluster and namespace are not enabled/)
    expect(written(talk)).toEqual([])
  })
})

describe.skipIf(whyNoRedis).concurrent('[Ask them]', () => {
  async function asked() {
    const talk = await acting({ redis: true })
    await untilOffered(talk, failedBuild)
    await talk.press(action, ben)
    const ephemeral = await talk.told(ben, /^Rerun build in shop is for @platform-oncall/)
    await talk.slack.press({ user: ben, ephemeral, actionId: 'imagepull:ask-them' })
    const message = await talk.hears(/@platform-oncall @ben asks for Rerun build\.[\s\S]*\[Approve\] \[Decline\]/)
    return { talk, message }
  }

  test('calls those who may, and the one who asked cannot approve it, nor can a guest', async () => {
    const { talk: own, message } = await asked()
    await using talk = own
    expect(message.mentions.map(({ id }) => id)).toEqual(expect.arrayContaining([oncall, ben]))
    const before = talk.slack.ephemerals(ben).length
    await talk.press('grant', ben)
    await until('ben is refused', () => talk.slack.ephemerals(ben).length > before)
    await talk.press('grant', tom)
    await talk.told(tom, /^Guests and people/)
    await talk.press('decline', tom)
    expect(written(talk)).toEqual([])
    await talk.press('grant', ada)
    await talk.hears(/✅ FIXED[\s\S]*rerun build by @ada/)
    expect(written(talk)).toEqual(once)
  })

  test('is declined: nothing is done, and it can be done later all the same', async () => {
    const { talk: own } = await asked()
    await using talk = own
    await talk.press('decline', maya)
    await talk.hears(/⚪ Rerun build · @maya[\s\S]*Declined\./)
    expect(written(talk)).toEqual([])
    await talk.press(action, maya)
    await talk.hears(/✅ FIXED/)
    expect(written(talk)).toEqual(once)
  })

  test('is approved by two at once: one effect', async () => {
    const { talk: own, message } = await asked()
    await using talk = own
    const press = (user: string) => talk.slack.press({ user, message, actionId: 'imagepull:grant', confirmed: true })
    await Promise.all([press(maya), press(ada), press(maya), press(ada)])
    await talk.hears(/✅ FIXED/)
    expect(written(talk)).toEqual(once)
    const late = [maya, ada].flatMap((user) => talk.slack.ephemerals(user)).map((it) => talk.slack.plainText(it))
    expect(late).toHaveLength(3)
    for (const it of late) expect(it).toMatch(/^This request was already decided/)
  })

  test('is approved by the one and declined by the other at once: one of both counts', async () => {
    const { talk: own, message } = await asked()
    await using talk = own
    await using records = await actingRecords(talk)
    const id = buttonValue([message], 'grant')
    await Promise.all([
      talk.slack.press({ user: maya, message, actionId: 'imagepull:decline' }),
      talk.slack.press({ user: ada, message, actionId: 'imagepull:grant', confirmed: true }),
    ])
    const { state } = await records.until(id, (it) => it.state === 'declined' || it.state === 'done')
    expect(written(talk)).toEqual(state === 'done' ? once : [])
    const kinds = (await records.audit()).map(({ what }) => what)
    expect(kinds.includes('declined')).toBe(state === 'declined')
  })
})
