import type { App } from '@slack/bolt'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { LocalSlack } from '../../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../../src/simulator/slack/start.ts'
import { boltApp } from '../../support/bolt-app.ts'
import { manualClock } from '../../support/manual-clock.ts'
import { slackWorkspace } from '../../support/slack-workspace.ts'

const { seed, incidents, maya } = slackWorkspace
const typed = { user: maya, channel: incidents, command: '/imagepull', text: 'my-app' }
const socketMode = true

function listen(app: App): void {
  app.command('/imagepull', async ({ ack, respond, command, client }) => {
    await ack({ text: `looking at ${command.text}` })
    const element = { type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } }
    await client.chat.postMessage({ channel: incidents, text: 'a', blocks: [{ type: 'actions', elements: [element] }] })
    await respond('done')
  })
  app.action('go', async ({ ack, respond }) => {
    await ack()
    await respond({ text: 'gone', replace_original: true })
  })
  app.event('app_mention', async ({ say, event }) => {
    await say({ text: 'yes?', thread_ts: event.ts })
  })
}

/** The command, the press and the mention, as over HTTP. */
async function conversation(slack: LocalSlack): Promise<void> {
  expect(await slack.command(typed)).toMatchObject({ status: 200, body: { text: 'looking at my-app' } })
  await expect.poll(() => slack.ephemerals(maya).map(slack.plainText)).toEqual(['looking at my-app', 'done'])
  const [message] = slack.messages(incidents)
  if (!message) throw new Error('nothing was posted')
  expect(await slack.press({ user: maya, message, actionId: 'go' })).toMatchObject({ status: 200, body: undefined })
  await expect.poll(() => slack.message(incidents, message.ts)?.text).toBe('gone')
  const said = await slack.mention({ user: maya, channel: incidents, text: 'hello' })
  expect(said).toMatchObject({ status: 200, attempts: 1 })
  await expect.poll(() => slack.thread(incidents, said.message.ts).map((each) => each.text)).toContain('yes?')
}

test('commands, presses and events go over the socket, and need no address', async () => {
  await using slack = await startLocalSlack({ seed })
  await using bolt = await boltApp(slack, listen, { socketMode })
  await conversation(slack)
  const kinds = Map.groupBy(slack.deliveries, ({ kind }) => kind)
  expect(kinds.get('slash_commands')).toHaveLength(1)
  expect(kinds.get('interactive')).toHaveLength(1)
  expect(kinds.get('events_api')?.length).toBeGreaterThanOrEqual(2) // a mention is two, and its own posts are told, too
  expect(slack.deliveries.every(({ status }) => status === 200)).toBe(true)
  expect(slack.deliveries.every((delivery) => delivery.post === undefined)).toBe(true)
  expect(bolt.errors).toEqual([])
})

test('an app that is asked to connect anew does so', async () => {
  await using slack = await startLocalSlack({ seed })
  await using _ = await boltApp(slack, listen, { socketMode })
  const connections = () => slack.calls.filter((call) => call.method === 'apps.connections.open').length
  expect(connections()).toBe(1)
  slack.refreshSockets()
  await expect.poll(connections, { timeout: 60_000 }).toBe(2)
  await expect
    .poll(() => slack.command(typed).catch(() => undefined), { timeout: 60_000 })
    .toMatchObject({ status: 200 })
})

/** A client that takes what comes and acknowledges what it is told to. */
async function client(slack: LocalSlack, acknowledge: (envelope: Record<string, unknown>) => object | undefined) {
  const headers = { authorization: `Bearer ${slack.appToken}` }
  const opened = await fetch(`${slack.apiUrl}apps.connections.open`, { method: 'POST', headers })
  const { url } = (await opened.json()) as { url: string } // a Slack that answered with an error has none, and the socket fails
  const socket = new WebSocket(url)
  const received: Record<string, unknown>[] = []
  socket.on('message', (data) => {
    const envelope = JSON.parse(String(data)) as Record<string, unknown> // an object, by the protocol
    received.push(envelope)
    const answer = acknowledge(envelope)
    if (answer) socket.send(JSON.stringify({ envelope_id: envelope.envelope_id, ...answer }))
  })
  await expect.poll(() => received.length).toBe(1)
  return { url, received, socket }
}

test('hello comes first; a ticket is good for one connection', async () => {
  await using slack = await startLocalSlack({ seed })
  const { url, received } = await client(slack, () => undefined)
  expect(received).toMatchObject([{ type: 'hello', num_connections: 1, connection_info: { app_id: slack.bot.appId } }])
  const second = new WebSocket(url)
  const refused = await new Promise<string>((resolve) => second.on('error', (error) => resolve(error.message)))
  expect(refused).toContain('403')
})

test('an event without an acknowledgement comes again, and says why', async () => {
  const clock = manualClock()
  await using slack = await startLocalSlack({ seed, clock, scopes: ['channels:history'] })
  const { received } = await client(slack, ({ retry_attempt }) => (retry_attempt === 1 ? {} : undefined))
  const posting = slack.post({ user: maya, channel: incidents, text: 'a' })
  await expect.poll(() => received.length).toBe(2)
  await clock.advance(3_000)
  expect(await posting).toMatchObject({ status: 200, attempts: 2 })
  expect(received.slice(1)).toMatchObject([
    { type: 'events_api', accepts_response_payload: false, retry_attempt: 0, payload: { event: { type: 'message' } } },
    { type: 'events_api', retry_attempt: 1, retry_reason: 'http_timeout' },
  ])
})

test('a broken connection is no connection', async () => {
  await using slack = await startLocalSlack({ seed })
  const { socket } = await client(slack, () => undefined)
  slack.dropSockets()
  await expect.poll(() => socket.readyState).toBe(WebSocket.CLOSED)
  await expect.poll(() => slack.command(typed).catch((error: { code: string }) => error.code)).toBe('app-not-connected')
})
