import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { toAlertRules } from '../../../src/app/from-config.ts'
import { configurationSchema } from '../../../src/config/configuration.ts'
import { createAlertIntake } from '../../../src/incidents/alerts/intake.ts'
import { createLog } from '../../../src/observability/log.ts'
import { Secret } from '../../../src/secret.ts'
import { createSlackApp } from '../../../src/slack/app.ts'
import { slackListeners } from '../../support/slack-listeners.ts'

const configuration = { channels: [{ id: 'C0INCIDENTS' }], alerts: { posters: ['B0ALERTS01'] } }
const signingSecret = 'a signing secret of thirty-two ch'

/** Bolt's own listener on a port, with a store that refuses so many deliveries. */
async function hearing(refusals: number, writing: () => Promise<void> = async () => undefined) {
  const it = slackListeners({ channels: {}, configuration })
  const { store, queue } = it
  let left = refusals
  const failing = {
    ...store,
    async write(...[kind, ...of]: Parameters<typeof store.write>) {
      if (kind === 'delivery' && left-- > 0) throw new Error('the store does not answer')
      if (kind === 'request') await writing()
      return store.write(kind, ...of)
    },
  }
  const rules = toAlertRules(configurationSchema.parse(configuration))
  const app = createSlackApp({
    ...{ botToken: new Secret('xoxb-1'), apiUrl: undefined },
    receives: { by: 'http', signingSecret: new Secret(signingSecret) },
    respond: async () => true,
    identity: () => ({ team: 'T1', botId: 'B1', botUser: 'UBOT' }),
    listeners: {
      ...it.listeners,
      store: failing,
      intake: createAlertIntake({ store: failing, queue, clusters: new Set() }),
      alertPosts: { rules, posters: new Set(['B0ALERTS01']), own: () => 'B1', turnedAway: () => undefined },
      warn: () => undefined,
    },
    log: createLog('silent'),
  })
  const server = createServer((request, response) => app.http?.listener(request, response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    jobs: it.jobs,
    /** As Slack delivers a post of Alertmanager. The status of the answer. */
    deliver(title: string): Promise<number> {
      const attachments = [{ title, fallback: title, text: '' }]
      return this.send({ type: 'message', subtype: 'bot_message', bot_id: 'B0ALERTS01', attachments })
    },
    async send(of: object): Promise<number> {
      const event = { channel: 'C0INCIDENTS', ts: '1764039600.000100', ...of }
      const body = JSON.stringify({ type: 'event_callback', team_id: 'T1', event_id: 'Ev1', event })
      const time = String(Math.floor(Date.now() / 1_000))
      const signature = createHmac('sha256', signingSecret).update(`v0:${time}:${body}`).digest('hex')
      const headers = {
        'content-type': 'application/json',
        'x-slack-request-timestamp': time,
        'x-slack-signature': `v0=${signature}`,
      }
      const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', headers, body })
      await answer.text()
      return answer.status
    },
    async [Symbol.asyncDispose]() {
      await new Promise((closed) => server.close(closed))
    },
  }
}

test('an alert post that cannot be written down is not acknowledged, so Slack sends it again', async () => {
  await using it = await hearing(1)
  expect(await it.deliver('[FIRING:1] KubePodNotReady (shop web-5d9cf86b95-00000 warning)')).toBe(500)
})

test('an alert post that is written down is acknowledged, and worked on', async () => {
  await using it = await hearing(0)
  expect(await it.deliver('[FIRING:1] KubePodNotReady (shop web-5d9cf86b95-00000 warning)')).toBe(200)
  expect(it.jobs).toMatchObject([expect.stringMatching(/^delivery /)])
})

test('a message that is no alert is acknowledged while the store is away', async () => {
  await using it = await hearing(9)
  expect(await it.deliver('good morning')).toBe(200)
  expect(it.jobs).toEqual([])
})

test('a mention is acknowledged after it is written down', async () => {
  const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  await using it = await hearing(0, () => {
    asked.resolve()
    return gate.promise
  })
  let acknowledged = false
  const mention = it.send({ type: 'app_mention', user: 'UMEMBER', text: '<@UBOT> shop/web-1' }).then((status) => {
    acknowledged = true
    return status
  })
  await asked.promise
  expect(await it.deliver('good morning')).toBe(200) // an acknowledgement from before would have come first
  expect(acknowledged).toBe(false)
  gate.resolve()
  expect(await mention).toBe(200)
  expect(it.jobs).toMatchObject([expect.stringMatching(/^request /)])
})
