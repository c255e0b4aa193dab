import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Role } from '../../src/config/environment.ts'
import { temporaryFile } from '../../src/simulator/cluster/memory-cluster.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { startCluster, whyNoCluster } from '../e2e/cluster.ts'
import { type PayloadAlert, payloadOf, podNotReady } from '../support/alert-payload.ts'
import type { Used } from '../support/counted-app.ts'
import { failingPods, podName, timedOut } from '../support/failing-pods.ts'
import { kill } from '../support/kill.ts'
import { redisServer, whyNoRedis } from '../support/redis-server.ts'
import { webhookToken } from '../support/running-app.ts'
import { servedCluster } from '../support/served-cluster.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

// Run by `npm run bench`. The program in a process of its own with a real Redis that writes every command to disk: how fast
// a webhook is durable, what becomes of ten thousand alerts, and of three hundred failing pods on the real cluster.

const run = promisify(execFile)
const { incidents, bot } = slackWorkspace
const program = new URL('../support/counted-app.ts', import.meta.url)

interface Measured extends AsyncDisposable {
  readonly slack: LocalSlack
  send(alerts: readonly PayloadAlert[], more?: object): Promise<number>
  used(): Promise<Used>
  /** Posts of the bot that begin a thread, as they are now. */
  roots(): readonly string[]
  posts(): number
}

/** With the roles apart the first process only hears, and another does the work. */
async function measured(kubeconfig: string, configuration: object, roles: 'one' | 'apart' = 'one'): Promise<Measured> {
  const stack = new AsyncDisposableStack()
  const slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed }))
  const redis = stack.use(await redisServer())
  const environment = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    ALERTMANAGER_WEBHOOK_TOKEN: webhookToken,
    REDIS_URL: redis.url,
    PORT: '0',
  }
  const begin = (role: Role): ChildProcess => {
    const file = stack.use(temporaryFile(JSON.stringify({ kubeconfig, environment, configuration, role })))
    const child = fork(program, [file.path], {
      execArgv: ['--max-semi-space-size=4'], // as `npm start` has it
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    stack.defer(() => kill(child))
    return child
  }
  if (roles === 'apart') await once(begin('worker'), 'message')
  const child = begin(roles === 'apart' ? 'web' : 'all')
  const [{ port }] = (await once(child, 'message')) as [{ port: number }] // counted-app.ts tells it first
  slack.connectApp(`http://127.0.0.1:${port}/slack/events`)
  const own = () => slack.messages(incidents).filter(({ user }) => user === bot)
  return {
    slack,
    async send(alerts, more = {}) {
      const response = await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, {
        method: 'POST',
        headers: { authorization: `Bearer ${webhookToken}` },
        body: JSON.stringify(payloadOf(alerts, { groupKey: String(Math.random()), ...more })),
      })
      await response.text()
      return response.status
    },
    async used() {
      child.send('used')
      const [used] = (await once(child, 'message')) as [Used] // and then this
      return used
    },
    roots: () => own().flatMap((it) => (it.threadTs ? [] : [slack.plainText(it)])),
    posts: () => own().length,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const workloads = [
  ...Array.from({ length: 10 }, (_, index) => ({
    name: `shop-${index}`,
    image: `10.43.170.72:5000/shop-${index}:1`,
    pods: 60,
    message: timedOut(`10.43.170.72:5000/shop-${index}:1`),
  })),
  { name: 'web', image: 'registry.test:5000/web:9.9', pods: 250 },
  { name: 'worker', image: 'registry.test:5000/worker:7', pods: 150 },
]
const thousand = workloads.flatMap(({ name, pods }) =>
  Array.from({ length: pods }, (_, index) => podNotReady(podName(name, index))),
)
const configuration = {
  registries: [{ host: 'registry.test:5000', access: 'none' }],
  channels: [{ id: incidents }],
}

/** As Alertmanager does, until it is taken: how often it was refused. */
async function sent(bot: Measured, alerts: readonly PayloadAlert[]): Promise<number> {
  for (let refused = 0; ; refused++) {
    if ((await bot.send(alerts)) === 200) return refused
    await sleep(100)
  }
}

/** Two hundred webhooks a second for so many seconds, each with ten alerts, whatever the answers take. */
async function webhooks(seconds: number): Promise<void> {
  await using cluster = await servedCluster(failingPods(workloads))
  await using bot = await measured(cluster.kubeconfig, configuration, 'apart')
  const every = 5
  const times: number[] = []
  let refused = 0
  const begin = performance.now()
  const all: Promise<void>[] = []
  for (let index = 0; index < (seconds * 1_000) / every; index++) {
    await sleep(Math.max(0, begin + index * every - performance.now()))
    const start = performance.now()
    const alerts = Array.from({ length: 10 }, (_, of) => thousand[(index * 10 + of) % thousand.length]).filter(
      (it) => it !== undefined,
    )
    all.push(
      bot.send(alerts).then((status) => {
        times.push(performance.now() - start)
        if (status !== 200) refused += 1
      }),
    )
  }
  await Promise.all(all)
  const rate = all.length / ((performance.now() - begin) / 1_000)
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number): string => `${(sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1)} ms`
  console.log('| webhooks of ten alerts, until they are durable | |\n|---|---|')
  console.log(`| a second | ${rate.toFixed(0)} |`)
  console.log(`| p50, p99, longest | ${at(0.5)}, ${at(0.99)}, ${at(0.9999)} |`)
  console.log(`| refused | ${refused} |\n`)
}

/** Ten thousand alerts: of each of a thousand pods ten, in groups of a hundred, as fast as they are taken. */
async function tenThousand(): Promise<void> {
  await using cluster = await servedCluster(failingPods(workloads))
  await using bot = await measured(cluster.kubeconfig, configuration)
  await sleep(1_000)
  const alerts = Array.from({ length: 10 }, (_, round) =>
    thousand.map((it) => ({ ...it, labels: { ...it.labels, container: `c${round}` } })),
  ).flat()
  const groups = Array.from({ length: 100 }, (_, index) => alerts.filter((_alert, of) => of % 100 === index))
  const begin = performance.now()
  const taken = await Promise.all(groups.map((group) => sent(bot, group)))
  const durable = performance.now() - begin
  await until(() => bot.roots().length >= 3, 120)
  const threads = performance.now() - begin
  await sleep(25_000) // in which others would come, and every pod is counted
  const counted = bot
    .roots()
    .reduce((sum, it) => sum + Number(/(\d+) pods/.exec(it)?.[1] ?? /0 of (\d+) ready/.exec(it)?.[1] ?? 0), 0)
  const { memory } = await bot.used()
  console.log('| 10,000 alerts of 1,000 pods and 3 causes | |\n|---|---|')
  console.log(
    `| durable | ${(durable / 1_000).toFixed(1)} s, ${taken.reduce((sum, it) => sum + it, 0)} refused at first and sent again |`,
  )
  console.log(`| threads | ${bot.roots().length}, after ${(threads / 1_000).toFixed(1)} s |`)
  console.log(`| posts | ${bot.posts()} |`)
  console.log(`| pods lost | ${1_000 - counted} |`)
  console.log(`| memory | ${mebibytes(memory)} |\n`)
}

/** Three hundred pods of three causes on twenty nodes of the real cluster; then they are healed. */
async function crowd(): Promise<void> {
  const { kubeconfig, kubectl } = await startCluster()
  const tool = resolve(import.meta.dirname, '../..', process.env.IMAGEPULL_CLUSTER ?? '../shared/cluster', 'crowd')
  await using bot = await measured(kubeconfig, { channels: [{ id: incidents }] })
  await sleep(3_000) // the first look, before anything of this fails
  const before = await bot.used()
  try {
    await run(tool, ['--nodes', '20', '--healthy', '300', '--failing', '300'])
    const pods = (await kubectl('-n', 'crowd', 'get', 'pods', '-l', 'crowd!=none', '-o', 'name')).trim().split('\n')
    const alerts = pods.map((name) =>
      podNotReady(name.replace('pod/', ''), { namespace: 'crowd', startsAt: new Date().toISOString() }),
    )
    const begin = performance.now()
    const seconds = (): string => ((performance.now() - begin) / 1_000).toFixed(1)
    const roots = () => bot.roots().filter((it) => !/when I started|before I started/.test(it))
    for (let at = 0; at < alerts.length; at += 20) await bot.send(alerts.slice(at, at + 20))
    await until(() => roots().length >= 1, 180)
    const first = seconds()
    await until(() => roots().length >= 3, 180)
    const third = seconds()
    await sleep(40_000)
    const stuck = await bot.used()
    const threads = roots().length
    const posts = bot.posts()
    const calls = bot.slack.calls.length
    await run(tool, ['heal'])
    const healed = performance.now()
    await until(() => roots().filter((it) => /FIXED/.test(it)).length >= threads, 300)
    const drained = ((performance.now() - healed) / 1_000).toFixed(1)
    const after = await bot.used()
    console.log(
      '| 300 failing pods, 3 causes, 20 nodes, on the real cluster | until all is told | until all is healed |\n|---|---|---|',
    )
    console.log(`| threads | ${threads} | ${roots().length} |`)
    console.log(`| posts | ${posts} | ${bot.posts()} |`)
    console.log(`| Slack calls | ${calls} | ${bot.slack.calls.length} |`)
    console.log(
      `| requests to the API server | ${stuck.kubernetes - before.kubernetes} | ${after.kubernetes - before.kubernetes} |`,
    )
    console.log(
      `| requests to registries | ${stuck.registry - before.registry} | ${after.registry - before.registry} |`,
    )
    console.log(`| first verdict, third | ${first} s, ${third} s after the first alert | |`)
    console.log(`| healed, until said so | | ${drained} s |`)
    console.log(`| memory | ${mebibytes(stuck.memory)} | ${mebibytes(after.memory)} |\n`)
  } finally {
    await run(tool, ['down'])
  }
}

async function until(is: () => boolean, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1_000
  while (!is()) {
    if (performance.now() > end) throw new Error(`not within ${seconds} s`)
    await sleep(50)
  }
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1_024 / 1_024)} MiB`
}

if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)
else {
  await webhooks(15)
  await tenThousand()
  const missing = whyNoCluster()
  if (missing) console.log(`skipped: ${missing}`)
  else await crowd()
}
process.exit(0)
