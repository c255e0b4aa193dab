import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { conversation } from '../support/conversation.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { redisServer, whyNoRedis } from '../support/redis-server.ts'
import { runningApp } from '../support/running-app.ts'
import { servedCluster } from '../support/served-cluster.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

async function get(port: number, path: string): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: response.status, body: await response.text() }
}

/** The status, and what is said of each part. */
async function ready(port: number): Promise<readonly [number, unknown]> {
  const { status, body } = await get(port, '/readyz')
  return [status, JSON.parse(body)]
}

/** Its samples by name and labels: `imagepull_queue_jobs{state="failed"}`. */
async function samples(port: number): Promise<ReadonlyMap<string, number>> {
  const { status, body } = await get(port, '/metrics')
  expect(status).toBe(200)
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

const allWell = [200, { store: 'ok', queue: 'ok', slack: 'ok' }]

/** The program beside a Redis, when it says that all is well. */
async function well(stack: AsyncDisposableStack) {
  const slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed }))
  const { kubeconfig } = stack.use(await servedCluster([]))
  const redis = stack.use(await redisServer())
  const { port } = stack.use(await runningApp({ slack, kubeconfig, redisUrl: redis.url }))
  await eventually(() => ready(port), allWell)
  return { redis, port }
}

describe.skipIf(whyNoRedis).concurrent('health', () => {
  test('a Redis that is killed is told, and that it is back', async () => {
    await using stack = new AsyncDisposableStack()
    const { redis, port } = await well(stack)

    await redis.kill()
    const away = [503, { store: 'Redis cannot be reached', queue: 'Redis cannot be reached', slack: 'ok' }]
    await eventually(() => ready(port), away)
    expect(await get(port, '/healthz')).toEqual({ status: 200, body: '{"status":"ok"}\n' })
    const gone = await samples(port)
    expect([...gone.keys()].filter((name) => /^imagepull_(?:queue_jobs|open_incidents)/.test(name))).toEqual([])
    expect(gone.get('process_resident_memory_bytes')).toBeGreaterThan(0)

    await redis.start()
    await eventually(() => ready(port), allWell)
    expect((await samples(port)).get('imagepull_open_incidents')).toBe(0)
  })

  test('a Redis that takes connections and answers none', async () => {
    await using stack = new AsyncDisposableStack()
    const { redis, port } = await well(stack)
    redis.freeze()
    expect(await ready(port)).toEqual([
      503,
      { store: expect.stringMatching(/Redis/), queue: expect.stringMatching(/queue|Redis/), slack: 'ok' },
    ])
    redis.thaw()
    await eventually(() => ready(port), allWell)
  })

  test('a Redis whose memory is full', async () => {
    await using stack = new AsyncDisposableStack()
    const { redis, port } = await well(stack)
    const admin = new Redis(redis.url)
    stack.defer(async () => admin.disconnect())
    await admin.config('SET', 'maxmemory-policy', 'noeviction', 'maxmemory', '1')
    await eventually(async () => (await ready(port))[0], 503)
    await admin.config('SET', 'maxmemory', '0')
    await eventually(() => ready(port), allWell)
  })

  test('a Redis that comes only after the start', async () => {
    await using stack = new AsyncDisposableStack()
    const slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed }))
    const { kubeconfig } = stack.use(await servedCluster([]))
    const redis = stack.use(await redisServer())
    await redis.kill()
    const { port } = stack.use(await runningApp({ slack, kubeconfig, redisUrl: redis.url }))
    expect((await ready(port))[0]).toBe(503)
    await redis.start()
    await eventually(() => ready(port), allWell)
    const next = async () => (await samples(port)).get('imagepull_jobs_total{job="look",outcome="done"}')
    await eventually(async () => Number(await next()) > 0, true) // the look of the cluster is scheduled then
  })

  test('a Slack that cannot be reached at the start: not ready, and then by itself', async () => {
    await using stack = new AsyncDisposableStack()
    const own = await freePort()
    const tokens = {
      botToken: 'xoxb-1-1-of-later',
      signingSecret: 'a-signing-secret-of-later',
      appToken: 'xapp-1-later',
    }
    const { kubeconfig } = stack.use(await servedCluster([]))
    const redis = stack.use(await redisServer())
    const slack = { ...tokens, apiUrl: `http://127.0.0.1:${own}/api/`, connectApp: () => undefined }
    const { port } = stack.use(await runningApp({ slack, kubeconfig, redisUrl: redis.url }))
    expect(await ready(port)).toEqual([503, { store: 'ok', queue: 'ok', slack: 'not reached yet' }])
    stack.use(await startLocalSlack({ port: own, ...tokens, seed: slackWorkspace.seed }))
    await eventually(() => ready(port), allWell)
  })

  test('metrics count what was done', async () => {
    await using talk = await conversation({ redis: true })
    const port = Number(new URL(talk.url).port)
    await talk.ask()
    await talk.verdict(/Tag does not exist/)
    const counted = [
      'imagepull_jobs_total{job="request",outcome="done"}',
      'imagepull_jobs_total{job="investigate",outcome="done"}',
      'imagepull_jobs_total{job="sync-thread",outcome="done"}',
      'imagepull_slack_calls_total{method="chat.postMessage",outcome="done"}',
      'imagepull_check_seconds_count',
    ]
    const missing = async () => {
      const seen = await samples(port)
      return counted.filter((name) => !((seen.get(name) ?? 0) >= 1))
    }
    await eventually(missing, []) // a job is counted after what it did is seen
    const seen = await samples(port)
    expect(seen.get('imagepull_open_incidents')).toBe(1)
    // A reconciliation at the same time may ask for one more check.
    expect(seen.get('imagepull_checks_total{cause="tag-missing",confidence="likely"}')).toBeGreaterThanOrEqual(1)
    expect(seen.get('imagepull_queue_jobs{state="failed"}')).toBe(0)
    expect([...seen.keys()].filter((name) => name.startsWith('imagepull_defects'))).toEqual([])
  })
})
