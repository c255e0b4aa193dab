import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { alertmanager, whyNoAlertmanager } from '../support/alertmanager.ts'
import { type Conversation, conversation } from '../support/conversation.ts'
import { failingPods, podName } from '../support/failing-pods.ts'
import { heal } from '../support/heal.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { until, webhookToken } from '../support/running-app.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

const { incidents, maya, alertmanager: poster } = slackWorkspace
const why = whyNoRedis ?? whyNoAlertmanager
if (why && process.env.REQUIRE_ALL) throw new Error(why)
if (why) console.log(`skipped: ${why}`)

const web = { name: 'web', image: 'registry.test:5000/web:9.9', pods: 2 }
const soon = { incidents: { grace: '0s', look: '10s' }, alerts: { posters: [poster] } }

function notReady(pod: string, more: Readonly<Record<string, string>> = {}) {
  return { labels: { alertname: 'KubePodNotReady', namespace: 'shop', pod, severity: 'warning', ...more } }
}

function webhookOf({ url }: Pick<Conversation, 'url'>) {
  const authorization = { type: 'Bearer', credentials: webhookToken }
  const address = `${url}/webhooks/alertmanager`
  return { webhook_configs: [{ url: address, send_resolved: true, http_config: { authorization } }] }
}

/** Alertmanager posts by itself, with a bot's token: its default template. */
function slackOf({ slack }: Conversation, token = slack.tokenOf(poster)) {
  const authorization = { type: 'Bearer', credentials: token }
  const place = { api_url: `${slack.apiUrl}chat.postMessage`, channel: incidents }
  return { slack_configs: [{ ...place, send_resolved: true, http_config: { authorization } }] }
}

describe.skipIf(why).concurrent('a real Alertmanager', () => {
  test('tells the webhook: the first post is the verdict, and there is one thread until it is fixed', async () => {
    await using talk = await conversation({ redis: true, objects: failingPods([web]), configuration: soon })
    await using alerts = await alertmanager(webhookOf(talk))
    await alerts.alert(notReady(podName('web', 0)), notReady(podName('web', 1)))
    const findings = await talk.verdict(/Tag does not exist/)
    expect(talk.roots()).toHaveLength(1)
    expect(talk.notifications()[0]).toMatch(/^Tag does not exist: web\. DOWN, 0 of 2 ready since/)
    expect(talk.notifications().join()).not.toMatch(/Checking/)
    expect(findings.mentions).toEqual([])
    expect(talk.own().some(({ blocks }) => blocks?.some(({ type }) => type === 'plan'))).toBe(false)

    heal(talk.cluster, 'shop', 'web')
    await until(
      'it says that it recovers',
      () => /RECOVERING/.test(talk.slack.plainText(talk.roots()[0] ?? findings)),
      40,
    )
  })

  test('tries again while the bot is down', async () => {
    await using talk = await conversation({ redis: true, objects: failingPods([web]), configuration: soon, down: true })
    await using alerts = await alertmanager(webhookOf(talk))
    await alerts.alert(notReady(podName('web', 0)))
    await sleep(2_000)
    await talk.restart()
    await talk.verdict(/Tag does not exist/)
    expect(talk.roots()).toHaveLength(1)
  })

  test('posts to the channel itself: the answer stands in the thread of its post, with a reaction', async () => {
    await using talk = await conversation({ redis: true, objects: failingPods([web]), configuration: soon })
    await using alerts = await alertmanager(slackOf(talk), { group_by: ['alertname', 'namespace', 'pod'] })
    await alerts.alert(notReady(podName('web', 0)))
    const findings = await talk.verdict(/Tag does not exist/)
    const post = await until('its post', () => talk.slack.messages(incidents)[0])
    expect(post.attachments?.[0]?.title).toContain('[FIRING:1] KubePodNotReady shop web-5d9cf86b95-00000')
    expect(findings.threadTs).toBe(post.ts)
    expect(talk.roots()).toEqual([])
    await until('its mark', () => talk.now(post).reactions.some(({ name }) => name === 'eyes'))
  })

  test('does both, and somebody asks: one incident, in one thread', async () => {
    await using talk = await conversation({ redis: true, objects: failingPods([web]), configuration: soon })
    await using alerts = await alertmanager({ ...webhookOf(talk), ...slackOf(talk) })
    await alerts.alert(notReady(podName('web', 0)), notReady(podName('web', 1)))
    await talk.verdict(/Tag does not exist/)
    await talk.ask('shop/web')
    await talk.told(maya, /Already open/)
    await talk.verdict(/@maya Tag does not exist/)
    const verdicts = talk.own().filter((it) => /Tag does not exist\./.test(talk.slack.plainText(it)))
    expect(verdicts).toHaveLength(1)
    // Alertmanager may post twice, when the second alert reaches it a moment later. Either post may have the thread.
    const posts = talk.slack.messages(incidents).filter(({ threadTs }) => threadTs === undefined)
    expect(posts.map(({ ts }) => ts)).toContain(verdicts[0]?.threadTs)
    expect(talk.roots()).toEqual([])
  })
})
