import type { App, RespondFn } from '@slack/bolt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalSlack } from '../../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../../src/simulator/slack/start.ts'
import { type BoltApp, boltApp } from '../../support/bolt-app.ts'
import { type ManualClock, manualClock } from '../../support/manual-clock.ts'
import { slackWorkspace } from '../../support/slack-workspace.ts'

const { seed, bot, incidents, general, maya, tom } = slackWorkspace
const actions = [
  {
    type: 'actions' as const,
    elements: [{ type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } }],
  },
]
const rich = [
  {
    type: 'rich_text' as const,
    elements: [{ type: 'rich_text_section' as const, elements: [{ type: 'text' as const, text: 'never built' }] }],
  },
  ...actions,
]

let clock: ManualClock
let slack: LocalSlack
let bolt: BoltApp
/** Of the last command or press. */
let respond: RespondFn

beforeEach(async () => {
  clock = manualClock()
  slack = await startLocalSlack({ seed, clock, limits: 'none' })
  bolt = await boltApp(slack, listen)
})
afterEach(async () => {
  await bolt[Symbol.asyncDispose]()
  await slack.stop()
})

function listen(app: App): void {
  app.command('/imagepull', async (args) => {
    await args.ack()
    respond = args.respond
  })
  app.action('go', async (args) => {
    await args.ack()
    respond = args.respond
  })
}

async function typed(channel: string = incidents): Promise<void> {
  await slack.command({ user: maya, channel, command: '/imagepull' })
}

async function posted(blocks: typeof actions | typeof rich, thread_ts?: string) {
  await bolt.app.client.chat.postMessage({ channel: incidents, text: 'a', blocks, ...(thread_ts && { thread_ts }) })
  const message = slack.messages(incidents).at(-1)
  if (!message) throw new Error('nothing was posted')
  return message
}

const texts = (user: string): string[] => slack.ephemerals(user).map(slack.plainText)

describe('after a command', () => {
  test('the answer is for its user alone, where the bot is a member and where it is not', async () => {
    for (const channel of [incidents, general]) {
      await typed(channel)
      await respond('Looking…')
      expect(slack.ephemerals(maya).at(-1)).toMatchObject({ channel, text: 'Looking…' })
    }
    expect(texts(tom)).toEqual([])
    expect(slack.calls.map(({ method, ok }) => ({ method, ok }))).toContainEqual({ method: 'response_url', ok: true })
  })

  test('or for all, if it says so', async () => {
    await typed(general)
    await respond({ text: 'Here', response_type: 'in_channel' })
    expect(slack.messages(general)).toMatchObject([{ text: 'Here', user: bot }])
  })

  test('there is nothing to replace or delete', async () => {
    await typed()
    await respond({ text: 'a', replace_original: true })
    await respond({ delete_original: true })
    expect(texts(maya)).toEqual(['a'])
  })

  test('a thread takes answers for all', async () => {
    const root = await posted(actions)
    await typed()
    await respond({ text: 'b', response_type: 'in_channel', replace_original: false, thread_ts: root.ts })
    expect(slack.thread(incidents, root.ts).map((message) => message.text)).toEqual(['a', 'b'])
    await expect(respond({ text: 'c', thread_ts: root.ts })).rejects.toMatchObject({ statusCode: 400 })
  })

  test('five times, and no more', async () => {
    await typed()
    for (const text of ['1', '2', '3', '4', '5']) await respond(text)
    await expect(respond('6')).rejects.toMatchObject({ statusCode: 404 })
    expect(texts(maya)).toEqual(['1', '2', '3', '4', '5'])
    expect(slack.calls.at(-1)).toMatchObject({ method: 'response_url', ok: false, error: 'used_url' })
  })

  test('for half an hour, and no longer', async () => {
    await typed()
    await clock.advance(30 * 60_000)
    await respond('in time')
    await clock.advance(1)
    await expect(respond('late')).rejects.toMatchObject({ statusCode: 404 })
    expect(texts(maya)).toEqual(['in time'])
    expect(slack.calls.at(-1)).toMatchObject({ error: 'expired_url' })
  })

  test('what Slack would refuse is refused, and uses nothing up', async () => {
    await typed()
    const blocks = [{ type: 'sektion' }]
    for (let count = 0; count < 6; count += 1)
      await expect(respond({ text: 'a', blocks })).rejects.toMatchObject({ statusCode: 400 })
    slack.refuseBlocks(['rich_text'])
    await expect(respond({ text: 'a', blocks: rich })).rejects.toMatchObject({ statusCode: 400 })
    await respond('still')
    expect(texts(maya)).toEqual(['still'])
  })

  test('faults go by the name response_url', async () => {
    await typed()
    slack.fail('response_url', { kind: 'server-error', effect: 'after' })
    await expect(respond('a')).rejects.toMatchObject({ statusCode: 500 })
    expect(texts(maya)).toEqual(['a'])
    expect(slack.calls.at(-1)).toMatchObject({ method: 'response_url', ok: false, error: 'server-error' })
  })

  test.each([
    ['/commands/T1/2/guessed', '{"text":"a"}', 404],
    ['/actions', '{"text":"a"}', 404],
  ])('an address that was never given out is none: %s', async (path, body, status) => {
    expect(await fetch(`${slack.url}${path}`, { method: 'POST', body })).toMatchObject({ status })
  })
})

describe('after a press', () => {
  test('the answer does not touch the message, unless it says so', async () => {
    const message = await posted(actions)
    await slack.press({ user: maya, message, actionId: 'go' })
    await respond('for you')
    expect(texts(maya)).toEqual(['for you'])
    await respond({ text: 'done', replace_original: true })
    expect(slack.message(incidents, message.ts)).toMatchObject({ text: 'done', blocks: [], edits: 1 })
    await respond({ delete_original: true })
    expect(slack.message(incidents, message.ts)).toBeUndefined()
  })

  test('in a thread the answer is in that thread', async () => {
    const root = await posted(actions)
    const message = await posted(actions, root.ts)
    await slack.press({ user: maya, message, actionId: 'go' })
    await respond('for you')
    expect(slack.ephemerals(maya)).toMatchObject([{ threadTs: root.ts }])
  })

  test('rich text stays rich text here too', async () => {
    const message = await posted(rich)
    await slack.press({ user: maya, message, actionId: 'go' })
    await expect(respond({ text: 'done', replace_original: true })).rejects.toMatchObject({ statusCode: 400 })
    expect(slack.calls.at(-1)).toMatchObject({ error: 'block_mismatch' })
  })

  test('an ephemeral message is replaced and deleted only so', async () => {
    await typed()
    await respond({ text: 'a', blocks: actions })
    const [ephemeral] = slack.ephemerals(maya)
    if (!ephemeral) throw new Error('nothing was shown')
    await slack.press({ user: maya, ephemeral, actionId: 'go' })
    await respond({ text: 'b', replace_original: true })
    expect(slack.ephemerals(maya)).toMatchObject([{ text: 'b', ts: ephemeral.ts, edits: 1 }])
    await respond({ delete_original: true })
    expect(slack.ephemerals(maya)).toEqual([])
  })
})
