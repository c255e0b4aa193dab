import { describe, expect, test } from 'vitest'
import { openBullQueue } from '../../src/queue/bull-queue.ts'
import type { Queue } from '../../src/queue/queue.ts'
import type { Message } from '../../src/simulator/slack/workspace/records.ts'
import { type Acting, acting } from '../support/acting.ts'
import { actingRecords } from '../support/acting-records.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { buttonValue } from '../support/button-value.ts'
import { deliverAgain } from '../support/deliver-again.ts'
import { type Forged, forgePress } from '../support/forge-press.ts'
import { redisAt } from '../support/redis-at.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { until } from '../support/running-app.ts'
import { written } from '../support/written.ts'

const { maya, ada, ben, incidents, lobby, annex, configuration } = actionWorkspace

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const rerun = 'imagepull:rerun-build'
const once = ['POST jobs', expect.stringMatching(/^DELETE pods\/cart-/)]

/** What one person alone was told, as they read it. */
function toldTo({ slack }: Acting, user: string): readonly string[] {
  return slack.ephemerals(user).map((it) => slack.plainText(it))
}

/** Of the menu beside the buttons. */
function menuValue({ blocks }: Message, what: string): string {
  const [, offer = ''] = new RegExp(`"value":"${what} ([^"]+)"`).exec(JSON.stringify(blocks)) ?? []
  return offer
}

/** As a process that lost its memory would add to it. */
async function queueOf({ redisUrl = '' }: Acting): Promise<Pick<Queue, 'add'> & AsyncDisposable> {
  const queue = await openBullQueue({ redis: redisAt(redisUrl) })
  return { add: queue.add, [Symbol.asyncDispose]: () => queue.stop(1_000) }
}

/** A failed build in its thread, with its button. */
async function offered(talk: Acting) {
  await talk.cluster.failedBuild()
  await talk.ask('shop/cart')
  return talk.hears(/\[Rerun build\] \[Check again\]/)
}

describe.skipIf(whyNoRedis)('one button', () => {
  test('pressed 500 times by several people at once: one effect, one reply, and all others are told who began', async () => {
    await using talk = await acting({ redis: true })
    const message = await offered(talk)
    const people = [maya, ada, ben]
    const presses = Array.from({ length: 500 }, (_, index) =>
      talk.slack.press({ user: people[index % 3] ?? maya, message, actionId: rerun, confirmed: true }),
    )
    await Promise.all(presses)
    const told = () => people.flatMap((user) => toldTo(talk, user))
    await until('all but one are told', () => told().length === 499)
    await talk.hears(/✅ FIXED/)
    expect(written(talk)).toEqual(once)
    const replies = talk.own().filter((it) => /^\S+ Rerun build · /.test(talk.slack.plainText(it)))
    expect(replies).toHaveLength(1)
    const [reply] = replies
    const first = /@\w+/.exec(reply ? talk.slack.plainText(reply) : '')?.[0]
    expect(['@maya', '@ada']).toContain(first)
    const others = told().filter((it) => !it.startsWith('Rerun build in shop is for @platform-oncall.')) // ben, early
    expect(others.length).toBeGreaterThan(300)
    for (const it of others) expect(it).toMatch(new RegExp(`^${first} started this \\d+ s ago: the thread`))
  })
})

describe.skipIf(whyNoRedis).concurrent('a press', () => {
  test('that says otherwise than it was sent does nothing, though its signature is right', async () => {
    const channels = [...configuration.channels, { id: annex, may: ['commands', 'actions'] }]
    await using talk = await acting({ redis: true, configuration: { channels } })
    const message = await offered(talk)
    const [offer, mute] = [buttonValue(talk.own(), 'rerun-build'), menuValue(message, 'mute')]
    const incident = buttonValue(talk.own(), 'check-again')
    const old = /^This button is out of date and no longer does anything\./
    const forge = await forgePress(talk.slack, { message, user: maya })
    const rows: readonly (readonly [string, Partial<Forged>, RegExp])[] = [
      ['an offer that never was', { action: 'rerun-build', value: 'A'.repeat(22) }, old],
      ['no offer', { action: 'rerun-build', value: '' }, /^I can't start a check now/],
      ['a name that no store takes', { action: 'rerun-build', value: 'x'.repeat(600) }, /^I can't start a check now/],
      ['an incident', { action: 'rerun-build', value: incident }, old],
      ['the offer of another action', { action: 'rerun-build', value: mute }, old],
      ['another action than the offer', { action: 'delete-stuck-pod', value: offer }, old],
      ['another action than the offer', { action: 'restart-registry', value: offer }, old],
      ['another action than the offer', { action: 'escalate', value: offer }, old],
      ['a menu with another offer', { action: 'more', value: `mute ${offer}` }, old],
      ['an action that never was', { action: 'scale-to-zero', value: offer }, old],
      ['the name of a method', { action: 'constructor', value: offer }, old],
      ['an answer to what nobody asked', { action: 'grant', value: offer }, /^This request was already decided/],
      ['another channel', { action: 'rerun-build', value: offer, channel: annex }, old],
      ['a channel for questions alone', { action: 'mute', value: mute, channel: lobby }, old],
      [
        'another workspace',
        { action: 'rerun-build', value: offer, team: 'T0STRANGER1' },
        /^Guests and people from other/,
      ],
    ]
    for (const [name, forged, answer] of rows) {
      const before = talk.slack.ephemerals(maya).length
      const { status } = await forge({ user: maya, ...forged })
      expect(status, name).toBe(200)
      await until(`${name}: an answer`, () => talk.slack.ephemerals(maya).length > before)
      expect(toldTo(talk, maya).at(-1), name).toMatch(answer)
    }
    expect(written(talk)).toEqual([])
    expect(talk.says(incidents)).not.toMatch(/· @maya ·/)
  })

  test('delivered twice by Slack, and its job by the queue again and again: one effect', async () => {
    await using talk = await acting({ redis: true })
    await using records = await actingRecords(talk)
    await using queue = await queueOf(talk)
    const message = await offered(talk)
    const id = buttonValue([message], 'rerun-build')
    await talk.press('rerun-build')
    await deliverAgain(talk.slack)
    const again = setInterval(() => void queue.add('act', id), 50)
    await talk.hears(/✅ FIXED/).finally(() => clearInterval(again))
    await queue.add('act', id)
    await until('the reply', () => /✅ Rerun build/.test(talk.says()))
    expect(written(talk)).toEqual(once)
    expect(toldTo(talk, maya)).toEqual([])
    const told = (await records.audit()).filter(({ what }) => what === 'intent' || what === 'outcome')
    expect(told.map(({ what }) => what)).toEqual(['intent', 'outcome'])
  })

  test('of something that is done does nothing, and says who did it', async () => {
    await using talk = await acting({ redis: true })
    const message = await offered(talk)
    const value = buttonValue([message], 'rerun-build')
    const forge = await forgePress(talk.slack, { message, user: maya })
    await talk.press('rerun-build')
    await talk.hears(/✅ FIXED/)
    await until('no button is left', () =>
      talk.own().every(({ blocks }) => blocks.every(({ type }) => type !== 'actions')),
    )
    await forge({ user: ada, action: 'rerun-build', value })
    await talk.told(ada, /^@maya started this \d+ s ago/)
    expect(written(talk)).toEqual(once)
  })
})

describe.skipIf(whyNoRedis).concurrent('an approval counts for a quarter of an hour', () => {
  const minutes = (of: number): number => of * 60_000

  test('after which nothing is begun; then it can be approved anew', async () => {
    let shift = 0
    await using talk = await acting({ redis: true, role: 'web', now: () => new Date(Date.now() + shift) })
    const first = await talk.worker()
    await using records = await actingRecords(talk)
    const id = buttonValue([await offered(talk)], 'rerun-build')
    await first.stop()
    await talk.press('rerun-build')
    await records.until(id, ({ state }) => state === 'approved')
    shift = minutes(16)
    await talk.worker()
    await talk.hears(/⚪ Rerun build[\s\S]*Nobody approved it in time\./)
    expect(written(talk)).toEqual([])
    await talk.press('rerun-build', ada)
    await talk.hears(/✅ FIXED/)
    expect(written(talk)).toEqual(once)
    expect(talk.says()).toContain('rerun build by @ada')
  })

  test('as a request does', async () => {
    let shift = 0
    await using talk = await acting({ redis: true, role: 'web', now: () => new Date(Date.now() + shift) })
    const first = await talk.worker()
    await offered(talk)
    await talk.press('rerun-build', ben)
    const refused = await talk.told(ben, /is for @platform-oncall/)
    await talk.slack.press({ user: ben, ephemeral: refused, actionId: 'imagepull:ask-them' })
    await talk.hears(/@ben asks for Rerun build/)
    await first.stop()
    shift = minutes(16)
    await talk.press('grant', ada)
    await talk.told(ada, /^This request was already decided, or it has expired\./)
    await talk.worker()
    await talk.hears(/⚪ Rerun build[\s\S]*Nobody approved it in time\./)
    expect(written(talk)).toEqual([])
  })
})
