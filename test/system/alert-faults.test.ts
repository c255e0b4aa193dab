import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { temporaryFile } from '../../src/simulator/cluster/memory-cluster.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { type PayloadAlert, payloadOf, podNotReady } from '../support/alert-payload.ts'
import { failingPods, podName, timedOut } from '../support/failing-pods.ts'
import { untilIdle } from '../support/idle.ts'
import { kill } from '../support/kill.ts'
import { type RedisServer, redisServer, whyNoRedis } from '../support/redis-server.ts'
import { type RunningApp, runningApp, until, webhookToken } from '../support/running-app.ts'
import { servedCluster } from '../support/served-cluster.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

const { incidents, bot } = slackWorkspace
const program = new URL('../support/app-worker.ts', import.meta.url)
if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const shops = Array.from({ length: 4 }, (_, index) => ({
  name: `shop-${index}`,
  image: `10.43.170.72:5000/shop-${index}:1`,
  pods: 10,
  message: timedOut(`10.43.170.72:5000/shop-${index}:1`),
}))
const workloads = [
  ...shops,
  { name: 'web', image: 'registry.test:5000/web:9.9', pods: 20 },
  { name: 'worker', image: 'registry.test:5000/worker:7', pods: 20 },
]
const storm = workloads.flatMap(({ name, pods }) =>
  Array.from({ length: pods }, (_, index) => podNotReady(podName(name, index))),
)
const configuration = { incidents: { grace: '0s', look: '10s' } }

interface Scene extends AsyncDisposable {
  readonly slack: Awaited<ReturnType<typeof startLocalSlack>>
  readonly redis: RedisServer
  app(role: 'all' | 'web' | 'worker'): Promise<RunningApp>
  /** A worker in a process of its own, which can be killed. */
  worker(): Promise<ChildProcess>
  roots(): readonly string[]
}

async function scene(): Promise<Scene> {
  const stack = new AsyncDisposableStack()
  const slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed, limits: 'none' }))
  const { kubeconfig } = stack.use(await servedCluster(failingPods(workloads)))
  const redis = stack.use(await redisServer())
  const own = () => slack.messages(incidents).filter(({ user }) => user === bot)
  const { botToken, apiUrl, signingSecret, appToken } = slack
  const settings = {
    kubeconfig,
    redisUrl: redis.url,
    slack: { botToken, apiUrl, signingSecret, appToken },
    configuration,
  }
  const file = stack.use(temporaryFile(JSON.stringify(settings)))
  return {
    slack,
    redis,
    app: async (role) =>
      stack.use(await runningApp({ slack, kubeconfig, redisUrl: redis.url, role, lock: 2_000, configuration })),
    async worker() {
      const child = fork(program, [file.path], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      stack.defer(() => kill(child))
      await once(child, 'message')
      return child
    },
    roots: () => own().flatMap((it) => (!it.threadTs || it.threadTs === it.ts ? [slack.plainText(it)] : [])),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

async function send(port: number, alerts: readonly PayloadAlert[]): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${webhookToken}` },
    body: JSON.stringify(payloadOf(alerts)),
  })
  await response.text()
  return response.status
}

const groups = Array.from({ length: 16 }, (_, index) => storm.slice(index * 5, index * 5 + 5))

/** What a program that listens at `port` makes of the storm. */
async function threeThreads({ roots, slack }: Scene, port: number): Promise<void> {
  const complete = (): boolean => roots().length >= 3 && verdicts(slack) >= 3
  await until('three threads with their verdicts', complete)
  await untilIdle(`http://127.0.0.1:${port}`)
  expect(roots()).toHaveLength(3)
  expect(verdicts(slack)).toBe(3)
  const counted = (it: string): boolean => /4 DOWN · registry 10\.43\.170\.72:5000/.test(it)
  await until('all of them are counted', () => roots().some(counted)) // a root is edited every half a minute at most
  expect(roots().filter(counted)).toHaveLength(1)
}

function verdicts(slack: Scene['slack']): number {
  return slack.messages(incidents).filter((it) => it.threadTs && /Why:/.test(slack.plainText(it))).length
}

/** The storm, and alerts that came and went before it, delivered in any order, some of it more than once. */
function anyOrder(seed: number): readonly (readonly PayloadAlert[])[] {
  const before = '2026-11-24T02:00:00Z'
  const past = storm.slice(0, 30).flatMap((alert) => [
    { ...alert, startsAt: before },
    { ...alert, startsAt: before, status: 'resolved' as const },
  ])
  const all = [...groups, ...Array.from({ length: 12 }, (_, index) => past.slice(index * 5, index * 5 + 5))]
  const twice = fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 })
  return fc.sample(twice, { numRuns: 1, seed })[0] ?? []
}

describe.skipIf(whyNoRedis).concurrent('a storm of alerts ends in three threads', () => {
  test('when two replicas are told by two Alertmanagers, each of everything', async () => {
    await using of = await scene()
    const [one, two] = await Promise.all([of.app('all'), of.app('all')])
    const all = groups.flatMap((group) => [send(one.port, group), send(two.port, group)])
    expect(new Set(await Promise.all(all))).toEqual(new Set([200]))
    await threeThreads(of, one.port)
  })

  test.each([30, 150, 400, 1_200])('when the worker is killed %i ms after its beginning', async (ms) => {
    await using of = await scene()
    const { port } = await of.app('web')
    const first = await of.worker()
    expect(new Set(await Promise.all(groups.map((group) => send(port, group))))).toEqual(new Set([200]))
    await sleep(ms)
    await kill(first)
    await of.worker()
    await threeThreads(of, port)
  })

  test('when Redis is killed in the middle: what was accepted is kept, what was not comes again', async () => {
    await using of = await scene()
    const { port } = await of.app('all')
    const taken = await Promise.all(groups.slice(0, 8).map((group) => send(port, group)))
    expect(new Set(taken)).toEqual(new Set([200]))
    await of.redis.kill()
    const refused = await Promise.all(groups.slice(8).map((group) => send(port, group)))
    expect(new Set(refused)).toEqual(new Set([503]))
    await of.redis.start()
    const again = async (group: readonly PayloadAlert[]): Promise<void> => {
      while ((await send(port, group)) !== 200) await sleep(500)
    }
    await Promise.all(groups.slice(8).map(again))
    await threeThreads(of, port)
  })

  test.each([1, 2, 3, 4])('in any order and multiplicity: %i', async (seed) => {
    await using of = await scene()
    const { port } = await of.app('all')
    for (const group of anyOrder(seed)) expect(await send(port, group)).toBe(200)
    await threeThreads(of, port)
    expect(of.roots().filter((it) => /alerts are resolved/.test(it))).toEqual([])
  })

  test('when Slack limits every other call', async () => {
    await using of = await scene()
    const { port } = await of.app('all')
    for (let index = 0; index < 6; index++) {
      of.slack.fail(
        'chat.postMessage',
        index % 2 ? { kind: 'rate-limited', retryAfter: 1 } : { kind: 'reset', effect: 'after' },
        1,
      )
    }
    await Promise.all(groups.map((group) => send(port, group)))
    await threeThreads(of, port)
  })
})
