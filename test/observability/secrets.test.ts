import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { listen } from '../../src/demo/listen.ts'
import { addImage } from '../../src/demo/registry/add-image.ts'
import { basicAccess } from '../../src/demo/registry/basic-access.ts'
import { registryListener } from '../../src/demo/registry/registry-listener.ts'
import { registryStorage } from '../../src/demo/registry/registry-storage.ts'
import { sampleRegistry } from '../../src/demo/registry/sample-registry.ts'
import type { LocalSlack } from '../../src/demo/slack/local-slack.ts'
import { payloadOf, podNotReady } from '../support/alert-payload.ts'
import { conversation } from '../support/conversation.ts'
import { canaries, leakyCluster } from '../support/leaky-cluster.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { until, webhookToken } from '../support/running-app.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

// What events, messages, build logs, Jobs, pull secrets and the environment give away reaches no place where somebody
// could read it: Slack in every state of its messages, what Redis ever wrote down, the log, the metrics.

const { maya, incidents } = slackWorkspace

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

/** Every command that changed something, since the server began. */
async function writtenBy(url: string): Promise<string> {
  const redis = new Redis(url)
  const [, directory = ''] = (await redis.config('GET', 'dir')) as string[] // name and value
  redis.disconnect()
  const folder = join(directory, 'appendonlydir')
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n')
}

/** All that anybody ever saw, whatever was put in its place later. */
function watched(slack: LocalSlack): () => string {
  const seen = new Set<string>()
  slack.onChange(() => {
    for (const { id } of slack.channels) for (const message of slack.messages(id)) seen.add(JSON.stringify(message))
    for (const { id } of slack.users)
      for (const shown of [...slack.ephemerals(id), ...slack.views(id)]) seen.add(JSON.stringify(shown))
  })
  return () => [...seen].join('\n')
}

/** Names of those that are in it, as they are or in Base64. */
function found(text: string, secrets: Readonly<Record<string, string>>): readonly string[] {
  const forms = (value: string) => [value, Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -2)]
  return Object.entries(secrets).flatMap(([name, value]) => (forms(value).some((it) => text.includes(it)) ? name : []))
}

describe.skipIf(whyNoRedis)('what nobody may see', { timeout: 60_000 }, () => {
  test('reaches neither Slack nor Redis, neither the log nor the metrics', async () => {
    await using stack = new AsyncDisposableStack()
    const storage = registryStorage()
    addImage(storage, { repository: 'web', tags: ['9.8'] })
    const logins: string[] = []
    const registry = sampleRegistry(storage, {
      access: basicAccess(new Map([['robot', canaries.password]]), 'registry'),
    })
    const server = await listen(
      registryListener((request) => {
        logins.push(request.headers.authorization ?? '')
        return registry(request)
      }),
    )
    stack.defer(server.close)
    const host = `127.0.0.1:${server.port}`
    const { objects, api } = leakyCluster(host)
    const log: string[] = []
    const configuration = { clusters: [{ name: 'test', secrets: 'read' }], registries: [{ host, plainHttp: true }] }
    const talk = stack.use(
      await conversation({ redis: true, objects, api, configuration, log: (line) => log.push(line) }),
    )
    const { slack } = talk
    const seen = watched(slack)

    await talk.ask('shop/web-5d9cf86b95-26kvf')
    await talk.verdict(/Why:/)
    await until('the root says so', () => talk.roots().some((it) => /DOWN/.test(slack.plainText(it))))
    await talk.ask(`web --token=${canaries.token}`)
    await talk.ask('')
    await until('both are answered', () => slack.ephemerals(maya).length >= 2)
    const words = `curl -H "Authorization: Bearer ${canaries.header}" failed`
    const alert = podNotReady('web-5d9cf86b95-26kvf', { labels: { description: words } })
    expect(await talk.webhook(payloadOf([alert], { commonAnnotations: { description: words } }))).toBe(200)
    await until('the alert is read', () => log.some((line) => /"job":"delivery".*is done/.test(line)))
    slack.fail('chat.update', { kind: 'server-error', effect: 'before' }, 1)
    const findings = await until('the button', () =>
      talk.own().find((it) => /\[Check again\]/.test(slack.plainText(it))),
    )
    await slack.press({ user: maya, message: findings, actionId: 'imagepull:check-again' })
    await until(
      'it was checked again',
      () => log.filter((line) => /"job":"investigate".*is done/.test(line)).length >= 2,
    )

    const metrics = await (await fetch(`${talk.url}/metrics`)).text()
    const sinks = { Slack: seen(), Redis: await writtenBy(talk.redis?.url ?? ''), log: log.join('\n'), metrics }
    const tokens = { bot: slack.botToken, signing: slack.signingSecret, webhook: webhookToken }
    for (const [sink, text] of Object.entries(sinks)) {
      expect(text.length, `${sink} holds something`).toBeGreaterThan(500)
      expect([sink, found(text, { ...canaries, ...tokens })]).toEqual([sink, []])
    }
    // They did pass by: the login was used, and what was left out of the log of the build is marked.
    expect(logins.map((it) => Buffer.from(it.replace(/^Basic /, ''), 'base64').toString())).toContain(
      `robot:${canaries.password}`,
    )
    expect(sinks.Slack.includes('NPM_TOKEN=[redacted]')).toBe(true)
    expect(sinks.Redis.includes('[redacted]')).toBe(true)
    expect(slack.messages(incidents).length).toBeGreaterThan(2)
  })
})
