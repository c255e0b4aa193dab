import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Act } from '../../../src/demo/page/acts.ts'
import type { Extra } from '../../../src/demo/page/extras.ts'
import { type DemoPage, startDemoPage } from '../../../src/demo/page/server.ts'
import type { LocalSlack } from '../../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../../src/simulator/slack/start.ts'
import { type PageEvents, pageEvents } from '../../support/page-events.ts'
import { type ScriptedApp, scriptedApp } from '../../support/scripted-app.ts'
import { slackWorkspace } from '../../support/slack-workspace.ts'

const { seed, bot, maya, tom, incidents, general, secret, archived } = slackWorkspace
const suggestions = [{ label: 'Never built', text: '/imagepull my-app', description: 'Nobody built it.' }]

let slack: LocalSlack
let app: ScriptedApp
let page: DemoPage
let events: PageEvents
let mended = Promise.withResolvers<void>()
const extras: readonly Extra[] = [
  { id: 'mend', label: 'Mend', description: 'It works again.', run: () => mended.promise },
  { id: 'break', label: 'Break', description: 'It fails.', run: () => Promise.reject(new Error('no')) },
]

beforeEach(async () => {
  mended = Promise.withResolvers()
  slack = await startLocalSlack({ seed, limits: 'none' })
  app = await scriptedApp(slack)
  page = await startDemoPage({ slack, port: 0, viewer: maya, suggestions, extras })
  events = await pageEvents(page.url)
})
afterEach(async () => {
  await events[Symbol.asyncDispose]()
  await page.stop()
  await app[Symbol.asyncDispose]()
  await slack.stop()
})

async function act(act: Act): Promise<unknown> {
  const headers = { 'content-type': 'application/json', origin: page.url }
  const response = await fetch(`${page.url}/acts`, { method: 'POST', headers, body: JSON.stringify(act) })
  return response.json()
}

/** What is there, once it is. */
async function until<Found>(find: () => Found | undefined): Promise<Found> {
  return expect
    .poll(find)
    .toBeDefined()
    .then(() => find() as Found) // it was there a moment ago
}

const findings = () => slack.messages(incidents).find(({ text }) => text.startsWith('Image never built'))

describe('events', () => {
  test('begin with all that there is to see, and go on with what changes', async () => {
    expect(await events.next()).toMatchObject({
      name: 'scene',
      data: {
        viewer: maya,
        suggestions,
        extras: [
          { id: 'mend', state: 'ready' },
          { id: 'break', state: 'ready' },
        ],
      },
    })
    await slack.post({ user: tom, channel: incidents, text: 'hello' })
    expect(await events.next()).toMatchObject({ name: 'changes', data: { messages: [{ text: 'hello' }], rest: {} } })
  })

  test('say nothing of what the viewer does not see', async () => {
    await events.next()
    await slack.command({ user: tom, channel: incidents, command: '/imagepull', text: 'unknown' })
    await slack.post({ user: tom, channel: incidents, text: 'seen' })
    expect(await events.next()).toMatchObject({ data: { messages: [{ text: 'seen' }], rest: {} } })
  })

  test('gather what happens at once', async () => {
    await events.next()
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => slack.post({ user: tom, channel: incidents, text: `${index}` })),
    )
    const { data } = await events.next()
    expect(data.messages).toHaveLength(20)
  })

  test('begin anew for another page', async () => {
    await slack.post({ user: tom, channel: incidents, text: 'hello' })
    await using second = await pageEvents(page.url)
    expect(await second.next()).toMatchObject({ name: 'scene', data: { messages: [{ text: 'hello' }] } })
  })
})

describe('what the viewer does', () => {
  test('a command, which the app answers with a thread', async () => {
    expect(await act({ act: 'command', channel: incidents, command: '/imagepull', text: 'my-app' })).toEqual({
      kind: 'done',
    })
    const found = await until(findings)
    expect(found.threadTs).toBe(slack.messages(incidents)[0]?.ts)
  })

  test('a message, a mention, a reply', async () => {
    const posted = await act({ act: 'post', channel: incidents, text: 'is <b> & it?' })
    const [message] = slack.messages(incidents)
    expect(posted).toEqual({ kind: 'done', ts: message?.ts })
    expect(message).toMatchObject({ user: maya, text: 'is &lt;b&gt; &amp; it?' })
    await act({ act: 'mention', channel: incidents, text: 'again', thread: message?.ts ?? '' })
    await expect.poll(() => slack.messages(incidents).at(-1)).toMatchObject({ user: bot, threadTs: message?.ts })
  })

  test('a press, only once it is confirmed', async () => {
    await act({ act: 'command', channel: incidents, command: '/imagepull', text: 'my-app' })
    const { ts } = await until(findings)
    const press = {
      act: 'press',
      place: { in: 'message', channel: incidents, ts },
      actionId: 'imagepull:rerun',
    } as const
    expect(await act({ ...press, blockId: 'decide', confirmed: false })).toMatchObject({ kind: 'cannot' })
    expect(app.heard).toEqual([])
    expect(await act({ ...press, blockId: 'decide', confirmed: true })).toEqual({ kind: 'done' })
    expect(app.heard).toEqual(['imagepull:rerun'])
  })

  test('a modal: refused, submitted, closed', async () => {
    await act({ act: 'command', channel: incidents, command: '/imagepull', text: 'my-app' })
    const { ts } = await until(findings)
    const place = { in: 'message', channel: incidents, ts } as const
    const open = {
      act: 'press',
      place,
      actionId: 'imagepull:more',
      blockId: 'decide',
      value: 'wrong',
      confirmed: false,
    } as const
    await act(open)
    const { id: view } = await until(() => slack.views(maya)[0])
    const values = { cause: 'Tag missing', why: 'short' }
    expect(await act({ act: 'submit', view, values })).toEqual({
      kind: 'errors',
      errors: { why: 'A few more words, please.' },
    })
    expect(slack.views(maya)).toHaveLength(1)
    expect(await act({ act: 'submit', view, values: { ...values, why: 'I saw the tag' } })).toEqual({ kind: 'done' })
    expect(slack.views(maya)).toEqual([])
    await act(open)
    const { id: second } = await until(() => slack.views(maya)[0])
    expect(await act({ act: 'close', view: second })).toEqual({ kind: 'done' })
    expect(app.heard).toEqual(['imagepull:more wrong', 'wrong: I saw the tag', 'imagepull:more wrong', 'closed'])
  })

  test('a press on what only they see, a reaction, a shortcut, an invitation', async () => {
    await act({ act: 'command', channel: incidents, command: '/imagepull', text: 'unknown' })
    const { ts, blocks } = await until(() => slack.ephemerals(maya)[0])
    const blockId = blocks[1]?.block_id ?? ''
    await act({
      act: 'press',
      place: { in: 'ephemeral', channel: incidents, ts },
      actionId: 'imagepull:pick-1',
      blockId,
      confirmed: false,
    })
    expect(app.heard).toEqual(['imagepull:pick-1'])
    await act({ act: 'post', channel: incidents, text: 'hello' })
    const message = slack.messages(incidents)[0]
    await act({ act: 'react', channel: incidents, ts: message?.ts ?? '', name: 'eyes' })
    expect(slack.messages(incidents)[0]?.reactions).toEqual([{ name: 'eyes', users: [maya] }])
    await act({ act: 'shortcut', channel: incidents, ts: message?.ts ?? '', callbackId: 'imagepull:check' })
    await expect.poll(() => slack.messages(incidents).at(-1)?.text).toBe('Looking at what this names.')
    await act({ act: 'invite', channel: general })
    expect(slack.channels.find(({ id }) => id === general)?.members).toContain(bot)
  })

  test.each([
    ['in an archived channel', { act: 'post', channel: archived, text: 'x' }],
    ['in no channel', { act: 'post', channel: 'C0NOWHERE1', text: 'x' }],
    ['to a message that is gone', { act: 'react', channel: incidents, ts: '1763952000.000100', name: 'eyes' }],
    ['in a modal that is gone', { act: 'close', view: 'V1' }],
    ['with a button that the demo has not', { act: 'run', extra: 'none' }],
  ] as const)('not %s', async (_, what) => {
    expect(await act(what)).toMatchObject({ kind: 'cannot', message: expect.any(String) })
  })
})

test('an app that is not there is told in the words of Slack', async () => {
  slack.connectApp('http://127.0.0.1:1/slack/events')
  const command = { act: 'command', channel: secret, command: '/imagepull', text: '' } as const
  expect(await act(command)).toEqual({ kind: 'failed', error: 'dispatch_failed' })
  await using alone = await startLocalSlack({ seed })
  await using other = await startDemoPage({ slack: alone, port: 0, viewer: maya, suggestions })
  const headers = { 'content-type': 'application/json', origin: other.url }
  const response = await fetch(`${other.url}/acts`, { method: 'POST', headers, body: JSON.stringify(command) })
  expect(await response.json()).toEqual({ kind: 'failed', error: 'dispatch_failed' })
})

describe('the buttons of the demo', () => {
  test('run, and are done', async () => {
    await events.next()
    expect(await act({ act: 'run', extra: 'mend' })).toEqual({ kind: 'done' })
    expect(await events.next()).toMatchObject({
      data: { rest: { extras: [{ state: 'running' }, { state: 'ready' }] } },
    })
    expect(await act({ act: 'run', extra: 'mend' })).toMatchObject({ kind: 'cannot' })
    mended.resolve()
    expect(await events.next()).toMatchObject({ data: { rest: { extras: [{ state: 'done' }, { state: 'ready' }] } } })
  })

  test('may fail', async () => {
    await events.next()
    await act({ act: 'run', extra: 'break' })
    await expect
      .poll(async () => (await events.next()).data)
      .toMatchObject({ rest: { extras: [{}, { state: 'failed' }] } })
  })
})
