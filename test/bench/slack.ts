import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from '../../src/simulator/listen.ts'
import { registryListener, sampleRegistry } from '../../src/simulator/registry/server.ts'
import { addImage, registryStorage } from '../../src/simulator/registry/storage.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import type { AppAnswer } from '../../src/simulator/slack/people/http.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { busyCluster } from '../support/busy-cluster.ts'
import { redisServer, whyNoRedis } from '../support/redis-server.ts'
import { servedCluster } from '../support/served-cluster.ts'
import { type ServiceProcess, serviceProcess } from '../support/service-process.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

// Run by `npm run bench`. 200 commands in one second, about 20 workloads of which each has its own cause, in one channel of a
// local Slack with Slack's own limits: how long until each is acknowledged, until its thread begins, until its verdict. Prints
// one table of times and one of the processes. Slack, cluster, registry and those who ask are this process.

const { maya, incidents, bot } = slackWorkspace
const commands = 200
const targets = Array.from({ length: 20 }, (_, number) => `app-${String(number).padStart(2, '0')}`)
/** Milliseconds. */
const patience = 300_000

interface Figures {
  readonly acknowledged: readonly number[]
  /** Of each target, from its first command. */
  readonly begun: readonly number[]
  readonly verdict: readonly number[]
  readonly processes: readonly ProcessFigures[]
}

interface ProcessFigures {
  readonly name: string
  readonly start: number
  readonly peakAtStart: number
  readonly idle: number
  readonly peak: number
}

interface Running {
  readonly name: string
  readonly process: ServiceProcess
}

async function measure(place: 'Redis' | 'embedded'): Promise<Figures> {
  await using stack = new AsyncDisposableStack()
  const registry = await listen(registryListener(sampleRegistry(stored())))
  stack.defer(registry.close)
  const host = `127.0.0.1:${registry.port}`
  const { kubeconfig } = stack.use(await servedCluster(busyCluster(host, targets)))
  const slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed }))
  const configuration = { registries: [{ host, plainHttp: true }] }
  const options = { slack, kubeconfig, configuration }
  const server = place === 'Redis' ? stack.use(await redisServer()) : undefined
  const roles = server ? (['web', 'worker'] as const) : (['all'] as const)
  const running: Running[] = roles.map((role) => ({
    name: server ? `\`--role ${role}\`, Redis` : 'one process, embedded',
    process: stack.use(serviceProcess({ ...options, role, ...(server && { redisUrl: server.url }) })),
  }))
  const started: number[] = []
  for (const { process } of running) started.push(await process.ready())
  await sleep(1_000)
  const idle = running.map(({ process }) => process.memory().now)
  slack.connectApp(`http://127.0.0.1:${await running[0]?.process.listening()}/slack/events`)

  const times = await storm(slack)
  const processes = running.map(({ name, process }, index) => ({
    name,
    start: started[index] ?? 0,
    peakAtStart: process.peakAtStart,
    idle: idle[index] ?? 0,
    peak: process.memory().peak,
  }))
  return { ...times, processes }
}

/** Each repository is there, and the tag that is wanted is not. */
function stored() {
  const storage = registryStorage()
  for (const repository of targets) addImage(storage, { repository, tags: ['9.8', '9.7', '1.0'] })
  return storage
}

async function storm(slack: LocalSlack): Promise<Pick<Figures, 'acknowledged' | 'begun' | 'verdict'>> {
  const asked = new Map<string, number>()
  const sent: Promise<AppAnswer>[] = []
  const start = Date.now()
  for (let number = 0; number < commands; number++) {
    const due = start + (number * 1_000) / commands
    if (due > Date.now()) await sleep(due - Date.now())
    const target = targets[number % targets.length] ?? ''
    if (!asked.has(target)) asked.set(target, Date.now())
    sent.push(slack.command({ user: maya, channel: incidents, command: '/imagepull', text: `shop/${target}` }))
  }
  const answers = await Promise.all(sent)
  const refused = answers.filter(({ status, body }) => status !== 200 || body !== undefined)
  if (refused.length > 0) throw new Error(`${refused.length} commands were not taken: ${JSON.stringify(refused[0])}`)
  const posts = await untilAllHaveTheirVerdict(slack)
  const since = (target: string, at: number): number => at - (asked.get(target) ?? 0)
  return {
    acknowledged: answers.map(({ ms }) => ms),
    begun: posts.map(({ target, begun }) => since(target, begun)),
    verdict: posts.map(({ target, verdict }) => since(target, verdict)),
  }
}

interface Posts {
  readonly target: string
  /** Milliseconds since 1970. */
  readonly begun: number
  readonly verdict: number
}

async function untilAllHaveTheirVerdict(slack: LocalSlack): Promise<readonly Posts[]> {
  const end = Date.now() + patience
  while (Date.now() < end) {
    const posts = postsOf(slack)
    if (posts.length === targets.length) return posts
    await sleep(100)
  }
  throw new Error(`${targets.length - postsOf(slack).length} of ${targets.length} have no verdict after ${patience} ms`)
}

/** Of those that have a verdict: when their first post was made, and the one with the verdict. */
function postsOf(slack: LocalSlack): readonly Posts[] {
  const times = slack.calls.filter(({ method, ok }) => method === 'chat.postMessage' && ok).map(({ at }) => at)
  const own = slack.messages(incidents).filter(({ user }) => user === bot)
  const posts = own.map((message, index) => ({ message, text: slack.plainText(message), at: times[index] ?? 0 }))
  return targets.flatMap((target) => {
    const root = posts.find(({ message, text }) => !message.threadTs && text.includes(`· ${target}`))
    const verdict = posts.find(
      ({ message, text }) => message.threadTs === root?.message.ts && /Tag (?:missing|does not exist)/.test(text),
    )
    return root && verdict ? [{ target, begun: root.at, verdict: verdict.at }] : []
  })
}

function percentile(values: readonly number[], of: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * of) / 100))] ?? 0
}

const ms = (value: number): string => `${Math.round(value)} ms`
const seconds = (value: number): string => `${(value / 1_000).toFixed(1)} s`
const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`

const places = whyNoRedis ? (['embedded'] as const) : (['Redis', 'embedded'] as const)
if (whyNoRedis) console.log(`skipped with Redis: ${whyNoRedis}`)
const all: Figures[] = []
for (const place of places) all.push(await measure(place))

const rows: readonly (readonly [name: string, of: (figures: Figures) => string])[] = [
  ['acknowledged, p50', ({ acknowledged }) => ms(percentile(acknowledged, 50))],
  ['acknowledged, p99', ({ acknowledged }) => ms(percentile(acknowledged, 99))],
  ['first post of a thread: first', ({ begun }) => seconds(percentile(begun, 0))],
  ['first post of a thread: p50', ({ begun }) => seconds(percentile(begun, 50))],
  ['first post of a thread: last', ({ begun }) => seconds(percentile(begun, 100))],
  ['verdict: first', ({ verdict }) => seconds(percentile(verdict, 0))],
  ['verdict: p50', ({ verdict }) => seconds(percentile(verdict, 50))],
  ['verdict: last', ({ verdict }) => seconds(percentile(verdict, 100))],
]
const names = places.map((place) => (place === 'Redis' ? 'web and worker, Redis' : 'one process, embedded'))
console.log(`| ${commands} commands in a second, ${targets.length} threads in a channel | ${names.join(' | ')} |`)
console.log(`|---|${places.map(() => '---|').join('')}`)
for (const [name, of] of rows) console.log(`| ${name} | ${all.map(of).join(' | ')} |`)
console.log(
  '\n| process | first start until ready | memory at its most meanwhile, with children | idle | at most |\n|---|---|---|---|---|',
)
for (const { name, start, peakAtStart, idle, peak } of all.flatMap(({ processes }) => processes))
  console.log(`| ${name} | ${ms(start)} | ${megabytes(peakAtStart)} | ${megabytes(idle)} | ${megabytes(peak)} |`)
console.log()
