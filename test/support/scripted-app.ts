import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '@slack/bolt'
import type { KnownBlock } from '@slack/types'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { type BoltApp, boltApp } from './bolt-app.ts'
import { threadBlocks } from './thread-blocks.ts'

const { plain, mrkdwn, root, plan, findings, buttons, details, wrongVerdict, somethingElse } = threadBlocks

export interface ScriptedApp extends BoltApp {
  /** What was pressed, chosen and submitted: `imagepull:rerun`, `imagepull:more wrong`, `wrong: …`. */
  readonly heard: readonly string[]
}

interface Client {
  chat: App['client']['chat']
  views: App['client']['views']
}

/** An app that speaks as imagepull does, and knows nothing: always the same thread. `pace`: milliseconds between its posts. */
export async function scriptedApp(slack: LocalSlack, { pace = 5 } = {}): Promise<ScriptedApp> {
  const heard: string[] = []
  const app = await boltApp(slack, (bolt) => {
    listenToCommands(bolt, pace)
    listenToPresses(bolt, heard, pace)
    listenToViews(bolt, heard)
  })
  return { ...app, heard }
}

function listenToCommands(bolt: App, pace: number): void {
  bolt.command('/imagepull', async ({ ack, command, client }) => {
    if (/^unknown/.test(command.text)) return ack({ text: 'No such pod', blocks: didYouMean })
    await ack()
    await tellThread(client, { channel: command.channel_id, user: command.user_id, pace })
  })
  bolt.event('app_mention', async ({ event, client }) => {
    const thread_ts = event.thread_ts ?? event.ts
    await client.chat.postMessage({ channel: event.channel, thread_ts, text: 'Checked again: nothing changed.' })
  })
  bolt.shortcut('imagepull:check', async ({ ack, shortcut, client }) => {
    await ack()
    if (shortcut.type !== 'message_action') return
    const place = { channel: shortcut.channel.id, thread_ts: shortcut.message_ts }
    await client.chat.postMessage({ ...place, text: 'Looking at what this names.' })
  })
}

const didYouMean: KnownBlock[] = [
  { type: 'section', text: mrkdwn('No pod `unknown` in prod-eu. Did you mean one of these?') },
  {
    type: 'actions',
    elements: [
      { type: 'button', action_id: 'imagepull:pick-1', text: plain('cortex-chat-backend-simple-5d9cf86b95-26kvf') },
      { type: 'button', action_id: 'imagepull:pick-2', text: plain('payments-api-7c9d4-x2k9d') },
    ],
  },
]

interface Asked {
  readonly channel: string
  readonly user: string
  readonly pace: number
}

async function tellThread({ chat }: Client, { channel, user, pace }: Asked): Promise<void> {
  const since = Math.floor(Date.now() / 1_000) - 960
  const text = 'Never built: cortex-chat-backend-simple:latest. Service DOWN, 0 of 1 ready. prod-eu'
  const { ts: thread_ts = '' } = await chat.postMessage({ channel, text, blocks: root('down', since) })
  const { ts = '' } = await chat.postMessage({ channel, thread_ts, text: 'Checking', blocks: plan(0) })
  for (const done of [1, 2, 3, 4]) {
    await sleep(pace)
    await chat.update({ channel, ts, text: 'Checking', blocks: plan(done) })
  }
  await sleep(pace)
  const found = [...findings(user, since), buttons, ...details()]
  await chat.postMessage({ channel, thread_ts, text: 'Image never built (proven).', blocks: found })
}

function listenToPresses(bolt: App, heard: string[], pace: number): void {
  bolt.action(/^imagepull:/, async ({ ack, action, body, client }) => {
    const chosen = 'selected_option' in action && action.selected_option ? ` ${action.selected_option.value}` : ''
    const id = 'action_id' in action ? action.action_id : ''
    heard.push(`${id}${chosen}`)
    await ack()
    if (body.type !== 'block_actions') return
    if (id.startsWith('imagepull:pick'))
      await tellThread(client, { channel: body.channel?.id ?? '', user: body.user.id, pace })
    if (!body.message) return
    if (chosen === ' wrong') await client.views.open({ trigger_id: body.trigger_id, view: wrongVerdict })
    if (id !== 'imagepull:rerun') return
    const channel = body.channel?.id ?? ''
    const { ts, thread_ts = ts, blocks } = body.message
    const instead = { type: 'context', elements: [mrkdwn(`:large_blue_circle: Rerun build · <@${body.user.id}>`)] }
    const shown = blocks.map((block: KnownBlock) => (block.type === 'actions' ? instead : block))
    await client.chat.update({ channel, ts, text: 'Image never built (proven).', blocks: shown })
    await sleep(pace)
    await client.chat.postMessage({ channel, thread_ts, text: 'Fixed and verified.' })
    const fixed = { text: 'Fixed: cortex-chat-backend-simple is running, 1 of 1 ready. prod-eu' }
    const since = Math.floor(Date.now() / 1_000) - 1_260
    await client.chat.update({ channel, ts: thread_ts, ...fixed, blocks: root('fixed', since) })
  })
}

function listenToViews(bolt: App, heard: string[]): void {
  bolt.view('imagepull:wrong', async ({ ack, view }) => {
    const why = view.state.values.why?.why?.value ?? ''
    if (why.length < 10) {
      await ack({ response_action: 'errors', errors: { why: 'A few more words, please.' } })
      return
    }
    heard.push(`wrong: ${why}`)
    const isElse = view.state.values.cause?.cause?.selected_option?.value === 'Something else'
    await (isElse ? ack({ response_action: 'push', view: somethingElse }) : ack())
  })
  bolt.view('imagepull:else', async ({ ack }) => {
    heard.push('else')
    await ack({ response_action: 'clear' })
  })
  bolt.view({ callback_id: 'imagepull:wrong', type: 'view_closed' }, async ({ ack }) => {
    heard.push('closed')
    await ack()
  })
}
