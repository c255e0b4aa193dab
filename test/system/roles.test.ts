import { describe, expect, test } from 'vitest'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { busyCluster } from '../support/busy-cluster.ts'
import { redisServer, whyNoRedis } from '../support/redis-server.ts'
import { until } from '../support/running-app.ts'
import { servedCluster } from '../support/served-cluster.ts'
import { type ServiceProcess, serviceProcess } from '../support/service-process.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

const { maya, tom, incidents, bot } = slackWorkspace
const targets = ['api', 'cart', 'web', 'mail']

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

/** Of a counter, over all of its labels. */
async function sum(of: ServiceProcess, counter: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${await of.listening()}/metrics`)
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith(`${counter}{`))
  return lines.reduce((all, line) => all + Number(line.split(' ').at(-1)), 0)
}

async function post(of: ServiceProcess, path: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${await of.listening()}${path}`, { method: 'POST', body: '{}' })
  await response.text()
  return response.status
}

describe.skipIf(whyNoRedis)('web and worker apart', () => {
  test('two of each: one thread for each cause, and each does its own part', async () => {
    await using stack = new AsyncDisposableStack()
    const slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed, limits: 'none' }))
    const { kubeconfig } = stack.use(await servedCluster(busyCluster('registry.test:5000', targets)))
    const { url: redisUrl } = stack.use(await redisServer())
    const run = (role: 'web' | 'worker') => stack.use(serviceProcess({ slack, kubeconfig, redisUrl, role }))
    const webs = [run('web'), run('web')]
    const workers = [run('worker'), run('worker')]
    await Promise.all([...webs, ...workers].map((it) => it.ready()))
    const own = () => slack.messages(incidents).filter(({ user }) => user === bot)
    await until('what failed before', () => own().length === 1)

    for (const [index, web] of webs.entries()) {
      slack.connectApp(`http://127.0.0.1:${await web.listening()}/slack/events`)
      const asked = targets.map((name) => ({
        user: index === 0 ? maya : tom,
        channel: incidents,
        command: '/imagepull',
        text: `shop/${name}`,
      }))
      for (const answer of await Promise.all(asked.map((it) => slack.command(it))))
        expect(answer).toMatchObject({ status: 200, body: undefined })
    }
    const roots = () => own().filter(({ threadTs }) => !threadTs)
    const verdicts = () => own().filter((it) => it.threadTs && /Why:/.test(slack.plainText(it)))
    const down = () => roots().filter((it) => /🔴 DOWN/.test(slack.plainText(it)))
    await until('every verdict', () => verdicts().length === targets.length && down().length === targets.length)
    const told = () => [maya, tom].flatMap((user) => slack.ephemerals(user).map((it) => slack.plainText(it)))
    await until('who came second is told', () => told().length === targets.length)
    for (const words of told()) expect(words).toMatch(/^Already open/)
    const [summary, ...threads] = roots().map((it) => slack.plainText(it))
    expect(summary).toMatch(/^4 image pulls already failing in test\. They failed before I started/)
    expect(threads.map((it) => /· ([a-z]+):/.exec(it)?.[1]).toSorted()).toEqual(targets.toSorted())
    expect(own()).toHaveLength(1 + 3 * targets.length)

    const jobs = (of: ServiceProcess) => sum(of, 'imagepull_jobs_total')
    expect(await Promise.all(webs.map(jobs))).toEqual([0, 0])
    const done = await Promise.all(workers.map(jobs))
    expect(Math.min(...done)).toBeGreaterThan(0)
  })

  test('a worker hears nobody, and tells that it is well', async () => {
    await using stack = new AsyncDisposableStack()
    const slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed }))
    const { kubeconfig } = stack.use(await servedCluster([]))
    const { url: redisUrl } = stack.use(await redisServer())
    const worker = stack.use(serviceProcess({ slack, kubeconfig, redisUrl, role: 'worker' }))
    await worker.ready()
    expect(await post(worker, '/slack/events')).toBe(404)
    expect(await post(worker, '/webhooks/alertmanager')).toBe(404)
  })
})
