import { describe, expect, test } from 'vitest'
import { storedObjects } from '../../src/simulator/cluster/api/store.ts'
import { payloadOf, podNotReady } from '../support/alert-payload.ts'
import { type Conversation, conversation } from '../support/conversation.ts'
import { failingPods, podName, timedOut } from '../support/failing-pods.ts'
import { heal } from '../support/heal.ts'
import { untilIdle } from '../support/idle.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { until } from '../support/running-app.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

const { incidents, general, maya, alertmanager: poster } = slackWorkspace
if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const web = { name: 'web', image: 'registry.test:5000/web:9.9', pods: 2 }
const api = { name: 'api', image: 'registry.test:5000/api:1.2', pods: 1, ready: 2 }
const quick = { grace: '0s', look: '10s' }
const soon = { incidents: quick }

function says(talk: Conversation, words: RegExp): boolean {
  return talk.own().some((it) => words.test(talk.slack.plainText(it)))
}

async function expectSilence(talk: Conversation): Promise<void> {
  await untilIdle(talk.url)
  expect(talk.own()).toEqual([])
}

describe.skipIf(whyNoRedis).concurrent('what alerts make of it', () => {
  test('three hundred alerts of three causes are three threads, with who is affected', async () => {
    const objects = failingPods([
      ...Array.from({ length: 8 }, (_, index) => ({
        name: `shop-${index}`,
        image: `10.43.170.72:5000/shop-${index}:1`,
        pods: 25,
        message: timedOut(`10.43.170.72:5000/shop-${index}:1`),
        ready: index < 3 ? 0 : 1,
      })),
      { ...web, pods: 60 },
      { name: 'worker', namespace: 'data', image: 'registry.test:5000/worker:7', pods: 40 },
    ])
    await using talk = await conversation({ redis: true, objects, configuration: soon })
    const alerts = [
      ...Array.from({ length: 200 }, (_, index) => podNotReady(podName(`shop-${index % 8}`, Math.floor(index / 8)))),
      ...Array.from({ length: 60 }, (_, index) => podNotReady(podName('web', index))),
      ...Array.from({ length: 40 }, (_, index) => podNotReady(podName('worker', index), { namespace: 'data' })),
    ]
    const groups = Array.from({ length: 30 }, (_, index) => alerts.slice(index * 10, index * 10 + 10))
    expect(await Promise.all(groups.map((it) => talk.webhook(payloadOf(it))))).toEqual(groups.map(() => 200))
    await until('three threads', () => talk.roots().length === 3)
    await until('the registry is told with its pods', () => says(talk, /200 pods · 8 workloads · 20 of 20 nodes/))
    const root = await until('that root', () =>
      talk.roots().find((it) => /registry 10\.43\.170\.72:5000/.test(talk.slack.plainText(it))),
    )
    expect(talk.slack.plainText(root)).toMatch(/^🔴 3 DOWN, 5 STUCK · registry 10\.43\.170\.72:5000/)
    const findings = await until('its findings', () => talk.slack.thread(incidents, root.ts)[1])
    expect(talk.slack.plainText(findings)).toMatch(/Affected: 8 workloads[\s\S]*shop-0[\s\S]*DOWN/)
    expect(talk.notifications()).toContainEqual(expect.stringMatching(/200 pods, 8 workloads, 3 DOWN/))
    await untilIdle(talk.url)
    expect(talk.roots()).toHaveLength(3)
  })

  test('an alert that names nothing that fails, or another rule, is left alone', async () => {
    await using talk = await conversation({ redis: true, configuration: soon })
    const hostile = ['../../api/v1/secrets', '<!channel>', 'web`; rm -rf /', 'a'.repeat(300), 'WEB']
    const alerts = [
      podNotReady('fine'),
      podNotReady('no-such-pod'),
      podNotReady('web-5d9cf86b95-26kvf', { labels: { alertname: 'KubePodCrashLooping' } }),
      podNotReady('fine', { namespace: 'kube-system' }),
    ]
    expect(await talk.webhook(payloadOf(alerts))).toBe(200)
    expect(await talk.webhook(payloadOf(hostile.map((it) => podNotReady(it, { namespace: 'fine' }))))).toBe(200)
    await expectSilence(talk)
  })

  test('a pull that heals within the grace time is never told of', async () => {
    const configuration = { incidents: { grace: '1h', look: '10s' } }
    const objects = failingPods([web]).map((it) => fresh(it))
    await using talk = await conversation({ redis: true, objects, configuration })
    await talk.webhook(payloadOf([podNotReady(podName('web', 0))]))
    await expectSilence(talk)
    heal(talk.cluster, 'shop', 'web')
    await expectSilence(talk)
  })

  test('one who asks within the grace time is told at once', async () => {
    const configuration = { incidents: { grace: '1h', look: '10s' } }
    await using talk = await conversation({ redis: true, objects: failingPods([web]).map(fresh), configuration })
    await talk.webhook(payloadOf([podNotReady(podName('web', 0))]))
    await expectSilence(talk)
    await talk.ask('shop/web')
    await talk.verdict(/@maya Tag does not exist/)
    expect(talk.roots()).toHaveLength(1)
  })

  test('what may pass by itself waits for longer, unless somebody is down', async () => {
    const limited = 'toomanyrequests: You have reached your pull rate limit. https://www.docker.com/increase-rate-limit'
    const serving = { name: 'hub', image: 'docker.io/library/hub:1', pods: 1, ready: 1, message: limited }
    const down = { name: 'down', image: 'docker.io/library/down:1', pods: 1, message: limited }
    const configuration = { ...soon, registries: [{ host: 'registry-1.docker.io', access: 'none' }] }
    await using one = await conversation({ redis: true, objects: failingPods([serving]).map(fresh), configuration })
    await using other = await conversation({ redis: true, objects: failingPods([down]).map(fresh), configuration })
    await one.webhook(payloadOf([podNotReady(podName('hub', 0))]))
    await other.webhook(payloadOf([podNotReady(podName('down', 0))]))
    await other.verdict(/rate limit/i)
    expect(one.own()).toEqual([])
  })

  test('resolved alerts do not close what still fails, and it says so', async () => {
    await using talk = await conversation({ redis: true, objects: failingPods([web]), configuration: soon })
    await talk.webhook(payloadOf([podNotReady(podName('web', 0))]))
    await talk.verdict(/Tag does not exist/)
    await talk.webhook(payloadOf([podNotReady(podName('web', 0), { status: 'resolved' })]))
    await until('it says so', () => says(talk, /its alerts are resolved, but it still fails/))
    expect(says(talk, /FIXED|GONE/)).toBe(false)
  })

  test.each([
    ['within the window joins its thread', '30m', 1],
    ['after it has a thread of its own, with a link to the old one', '0s', 2],
  ])('what happens again %s', async (_of, join, threads) => {
    const objects = failingPods([web])
    const configuration = { incidents: { ...quick, join } }
    await using talk = await conversation({ redis: true, objects, configuration })
    await talk.webhook(payloadOf([podNotReady(podName('web', 0))]))
    await talk.verdict(/Tag does not exist/)
    const { store } = talk.cluster
    const [deployment] = store.list('deployments', 'shop')
    const pods = store.list('pods', 'shop')
    for (const { metadata } of pods) store.remove('pods', metadata)
    store.remove('deployments', { namespace: 'shop', name: 'web' })
    await until('it is over', () => says(talk, /⚪ GONE · web[\s\S]*No pod is left to pull the image/))
    if (deployment) store.put('deployments', deployment)
    for (const pod of pods) store.put('pods', pod)
    await talk.webhook(payloadOf([podNotReady(podName('web', 1))]))
    const verdicts = () => talk.own().filter((it) => /Tag does not exist\./.test(talk.slack.plainText(it)))
    await until('the second verdict', () => verdicts().length === 2)
    expect(talk.roots()).toHaveLength(threads)
    await until('it says so', () => says(talk, threads === 1 ? /happened again once/ : /previous incident/))
    expect(new Set(verdicts().map(({ threadTs }) => threadTs)).size).toBe(threads)
  })

  test('left out alerts have the cluster asked', async () => {
    await using talk = await conversation({ redis: true, objects: failingPods([web, api]), configuration: soon })
    await talk.webhook(payloadOf([podNotReady(podName('web', 0))], { truncatedAlerts: 7 }))
    await until('both threads', () => talk.roots().length === 2)
  })

  test('a periodic look finds what no alert told, only for a channel that wants it', async () => {
    const configuration = { ...soon, channels: [{ id: incidents, may: ['commands', 'look'] }] }
    await using talk = await conversation({ redis: true, objects: failingPods([web]), configuration })
    await talk.verdict(/Tag does not exist/)
    await using other = await conversation({ redis: true, objects: failingPods([web]), configuration: soon })
    await expectSilence(other)
  })

  test('a pull that begins to fail is told by the watch, without an alert and long before the regular look', async () => {
    const channels = [{ id: incidents, may: ['commands', 'look'] }]
    const configuration = { incidents: { grace: '0s', look: '1d' }, channels }
    await using talk = await conversation({ redis: true, objects: failingPods([]), configuration })
    await untilIdle(talk.url)
    for (const [resource, objects] of storedObjects(failingPods([web])))
      for (const object of objects) talk.cluster.store.put(resource, object)
    await talk.verdict(/Tag does not exist/)
  })

  test('what had failed before the first start is one summary with a picker', async () => {
    const many = Array.from({ length: 12 }, (_, index) => ({
      ...web,
      name: `web-${index}`,
      image: `registry.test:5000/web-${index}:1`,
      ready: 1,
    }))
    await using talk = await conversation({ redis: true, objects: failingPods(many), configuration: soon })
    const summary = await until('the summary', () => talk.roots()[0])
    expect(talk.slack.plainText(summary)).toMatch(/12 image pulls already failing in test[\s\S]*and 2 more images/)
    await talk.webhook(payloadOf([podNotReady(podName('web-3', 0)), podNotReady(podName('web-4', 1))]))
    await untilIdle(talk.url)
    expect(talk.roots()).toHaveLength(1)
    const value = JSON.stringify(summary.blocks).match(/"value":"(summary-[^"]+ 5)"/)?.[1] ?? ''
    await talk.slack.press({ user: maya, message: summary, actionId: 'imagepull:choose', value })
    await talk.verdict(/@maya Tag does not exist/)
    expect(talk.roots()).toHaveLength(2)
    await talk.restart()
    await untilIdle(talk.url)
    expect(talk.roots()).toHaveLength(2)
  })

  test('an alert about something else is answered in a sentence where that is configured', async () => {
    const configuration = { ...soon, alerts: { others: 'say' } }
    await using talk = await conversation({ redis: true, configuration })
    const alert = payloadOf([podNotReady('fine')])
    await talk.webhook(alert)
    await until('the sentence', () => says(talk, /NOT A PULL PROBLEM · fine[\s\S]*Its container has pulled/))
    await talk.webhook(alert)
    await untilIdle(talk.url)
    expect(talk.roots()).toHaveLength(1)
  })

  test('channels are chosen by namespace, severity and label', async () => {
    const team = { ...api, labels: { team: 'payments' } }
    const configuration = {
      ...soon,
      channels: [
        { id: general, labels: { team: 'payments' } },
        { id: incidents, namespaces: ['shop'], severities: ['critical'] },
      ],
    }
    await using talk = await conversation({ redis: true, objects: failingPods([web, team]), configuration })
    await talk.slack.inviteBot({ user: maya, channel: general })
    await talk.webhook(payloadOf([podNotReady(podName('web', 0)), podNotReady(podName('api', 0))]))
    await until('the team is told', () => talk.roots(general).length === 1)
    await untilIdle(talk.url)
    expect(talk.roots(incidents)).toEqual([])
    await talk.webhook(payloadOf([podNotReady(podName('web', 1), { labels: { severity: 'critical' } })]))
    await until('the other channel is told', () => talk.roots(incidents).length === 1)
    expect(talk.slack.plainText(talk.roots(general)[0] ?? { text: '', blocks: [], attachments: [] })).toContain('api')
  })

  test('a post that is edited to say more is followed, and its mark too', async () => {
    const configuration = { ...soon, alerts: { posters: [poster] } }
    await using talk = await conversation({ redis: true, objects: failingPods([web, api]), configuration })
    const first = await post(talk, '[FIRING:1] KubePodNotReady (shop web-5d9cf86b95-00000 warning)')
    await talk.verdict(/Tag does not exist/)
    await edit(
      talk,
      first,
      '[FIRING:2] KubePodNotReady (shop warning)',
      `pod=${podName('web', 0)} namespace=shop\npod=${podName('api', 0)} namespace=shop`,
    )
    await until('the second verdict in its thread', () => {
      const verdicts = talk.own().filter((it) => /Tag does not exist\./.test(talk.slack.plainText(it)))
      return verdicts.length === 2 && verdicts.every(({ threadTs }) => threadTs === first)
    })
    expect(talk.roots()).toEqual([])
  })
})

/** As if it had been made now. */
function fresh(manifest: unknown): unknown {
  return JSON.parse(JSON.stringify(manifest).replaceAll('2026-11-24T02:58:00Z', new Date().toISOString()))
}

async function call(talk: Conversation, method: string, body: object): Promise<string> {
  const response = await fetch(`${talk.slack.apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${talk.slack.tokenOf(poster)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: incidents, ...body }),
  })
  const { ok, ts, error } = (await response.json()) as { ok: boolean; ts: string; error?: string } // Slack's answer
  if (!ok) throw new Error(error)
  return ts
}

function post(talk: Conversation, title: string): Promise<string> {
  return call(talk, 'chat.postMessage', { attachments: [{ title, fallback: title, text: '', color: 'danger' }] })
}

/** As `update_message` of newer Alertmanagers does. */
function edit(talk: Conversation, ts: string, title: string, text: string): Promise<string> {
  return call(talk, 'chat.update', { ts, attachments: [{ title, fallback: title, text, color: 'danger' }] })
}
