import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actionWorkspace } from '../support/action-workspace.ts'
import { payloadOf, podNotReady } from '../support/alert-payload.ts'
import { alertmanager, whyNoAlertmanager } from '../support/alertmanager.ts'
import { until, webhookToken } from '../support/running-app.ts'
import { type ActingBot, actingBot } from './acting.ts'
import { startCluster, whyNoCluster } from './cluster.ts'

const missing = whyNoCluster() ?? whyNoAlertmanager
if (missing && process.env.REQUIRE_ALL) throw new Error(missing)
if (missing) console.log(`skipped: ${missing}`)

const { incidents, bot, alertmanager: poster } = actionWorkspace
const namespace = 'alerts'
const image = 'registry.test:5500/team/app'

function deployment(name: string, tag: string): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, scenario: name } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: `${image}:${tag}` }] },
      },
    },
  })
}

describe.skipIf(missing)('alerts of a real cluster, by a real Alertmanager', () => {
  let cluster: Awaited<ReturnType<typeof startCluster>>
  let talk: ActingBot
  const names = async (app: string): Promise<readonly string[]> => {
    const pods = await cluster.kubectl('-n', namespace, 'get', 'pods', '-l', `app=${app}`, '-o', 'name')
    return pods
      .trim()
      .split('\n')
      .map((it) => it.replace('pod/', ''))
  }
  const alertsOf = (pods: readonly string[], more: object = {}) =>
    pods.map((pod) => ({ labels: { alertname: 'KubePodNotReady', namespace, pod, severity: 'critical' }, ...more }))

  beforeAll(async () => {
    cluster = await startCluster()
    await cluster.kubectl('delete', 'namespace', namespace, '--ignore-not-found')
    await cluster.kubectl('create', 'namespace', namespace)
    const configuration = {
      channels: [{ id: incidents, may: ['commands', 'alerts', 'actions'] }],
      incidents: { grace: '2s', look: '10s' },
      alerts: { posters: [poster] },
    }
    // A whole minute that it has to be ready, as in production.
    talk = await actingBot(cluster.kubeconfig, { timing: { reconcile: 2_000 }, configuration })
  })
  afterAll(async () => {
    await talk?.[Symbol.asyncDispose]()
    await cluster?.kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait=false')
  })

  test('by webhook and by post: one thread, from the verdict to FIXED a minute after it is ready', async () => {
    const { slack } = talk
    const bearer = (credentials: string) => ({ authorization: { type: 'Bearer', credentials } })
    const webhook = { url: `${talk.url}/webhooks/alertmanager`, send_resolved: true, http_config: bearer(webhookToken) }
    const post = {
      ...{ api_url: `${slack.apiUrl}chat.postMessage`, channel: incidents, send_resolved: true },
      http_config: bearer(slack.tokenOf(poster)),
    }
    await using alerts = await alertmanager({ webhook_configs: [webhook], slack_configs: [post] })

    await cluster.apply(deployment('shop', '9.9'))
    await cluster.podOf('shop', /ErrImagePull|ImagePullBackOff/)
    const failing = await names('shop')
    expect(failing).toHaveLength(2)
    await alerts.alert(...alertsOf(failing))

    const findings = await talk.hears(/Tag missing[\s\S]*registry\.test:5500\/team\/app:9\.9/)
    const posted = await until('its own post', () => slack.messages(incidents).find(({ user }) => user !== bot))
    expect(findings.threadTs).toBe(posted.ts) // and no other thread is begun
    const own = () => slack.messages(incidents).filter(({ user }) => user === bot)
    expect(own().filter(({ threadTs }) => !threadTs)).toEqual([])
    const marks = () =>
      slack
        .messages(incidents)
        .find(({ ts }) => ts === posted.ts)
        ?.reactions.map(({ name }) => name)
    await until('it is marked as seen', () => marks()?.includes('eyes'))

    await cluster.apply(deployment('shop', '1.0'))
    await cluster.kubectl('-n', namespace, 'rollout', 'status', 'deployment/shop', '--timeout=90s')
    await alerts.alert(...alertsOf(failing, { endsAt: new Date().toISOString() }))
    await talk.hears(/✅ FIXED · shop/, 120)
    expect(await said(/Fixed and verified/)).toMatch(/Deployment shop: 2 of 2 ready for a minute/)
    await until('it is marked as fixed', () => marks()?.includes('white_check_mark')).catch((error) => {
      throw new Error(`${error.message}; its marks: ${marks()}; it says:\n${talk.says()}`)
    })
    expect(new Set(own().map(({ threadTs }) => threadTs))).toEqual(new Set([posted.ts]))
  }, 300_000)

  test('what heals within the grace time is never told', async () => {
    await cluster.apply(deployment('brief', '8.8'))
    await cluster.podOf('brief', /ErrImagePull|ImagePullBackOff/)
    const failing = await names('brief')
    await cluster.apply(deployment('brief', '1.0'))
    await cluster.kubectl('-n', namespace, 'rollout', 'status', 'deployment/brief', '--timeout=90s')
    const response = await fetch(`${talk.url}/webhooks/alertmanager`, {
      method: 'POST',
      headers: { authorization: `Bearer ${webhookToken}` },
      body: JSON.stringify(payloadOf(failing.map((pod) => podNotReady(pod, { namespace })))),
    })
    expect(response.status).toBe(200)
    await sleep(15_000)
    expect(talk.says()).not.toMatch(/brief/)
  }, 150_000)

  async function said(form: RegExp): Promise<string> {
    return talk.slack.plainText(await talk.hears(form))
  }
})
