import { describe, expect, test } from 'vitest'
import { listen } from '../../src/simulator/listen.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { openEmbeddedDatabase } from '../../src/store/embedded/database.ts'
import { busyCluster } from '../support/busy-cluster.ts'
import { untilIdle } from '../support/idle.ts'
import { redisServer, whyNoRedis } from '../support/redis-server.ts'
import { until } from '../support/running-app.ts'
import { servedCluster } from '../support/served-cluster.ts'
import { type ServiceOptions, type ServiceProcess, serviceProcess } from '../support/service-process.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { maya, incidents, bot } = slackWorkspace

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped with Redis: ${whyNoRedis}`)

interface Scene extends AsyncDisposable {
  readonly slack: LocalSlack
  run(options?: Partial<ServiceOptions>): ServiceProcess
  /** `/imagepull shop/web`, of a process that hears it. */
  ask(of: ServiceProcess): Promise<void>
  /** What the bot posted, as a person reads it. */
  says(): readonly string[]
}

/** Nothing is posted that nobody asked for. */
const quiet = { channels: [{ id: incidents, may: ['commands'] }] }

/** A local Slack beside a cluster in which one tag is missing; all processes end with it. */
async function scene(): Promise<Scene> {
  const stack = new AsyncDisposableStack()
  const slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed }))
  const { kubeconfig } = stack.use(await servedCluster(busyCluster('registry.test:5000', ['web'])))
  return {
    slack,
    run: (options) => stack.use(serviceProcess({ slack, kubeconfig, configuration: quiet, ...options })),
    async ask(of) {
      slack.connectApp(`http://127.0.0.1:${await of.listening()}/slack/events`)
      const answer = await slack.command({ user: maya, channel: incidents, command: '/imagepull', text: 'shop/web' })
      expect(answer).toMatchObject({ status: 200, body: undefined })
    },
    says: () =>
      slack
        .messages(incidents)
        .filter(({ user }) => user === bot)
        .map((it) => slack.plainText(it)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** `process`: one that listens. */
async function expectOneThread({ says }: Scene, process: ServiceProcess): Promise<void> {
  const parts = [/🔴 DOWN/, /^Checked \d+ things/, /Why:/]
  await until('the thread is complete', () => parts.every((part) => says().some((it) => part.test(it))))
  await untilIdle(`http://127.0.0.1:${await process.listening()}`)
  expect(says()).toHaveLength(3)
}

const saidBy = ({ lines }: ServiceProcess): string => lines.join('\n')

describe('start, where it cannot', () => {
  test.each<[string, Partial<ServiceOptions>, RegExp]>([
    [
      '--role web without Redis',
      { role: 'web' },
      /REDIS_URL is missing: --role web needs it, because only one process/,
    ],
    ['--role worker without Redis', { role: 'worker' }, /REDIS_URL is missing: --role worker needs it/],
    [
      'a token that Slack does not know',
      { environment: { SLACK_BOT_TOKEN: 'xoxb-0-0-unknown' } },
      /SLACK_BOT_TOKEN is refused by Slack \(invalid_auth\): copy the Bot User OAuth Token again/,
    ],
    [
      'no token, and a port that is none',
      { environment: { SLACK_BOT_TOKEN: '', PORT: 'http' } },
      /SLACK_BOT_TOKEN is missing.*; PORT must be a port/,
    ],
    [
      'a directory that cannot be made',
      { environment: { IMAGEPULL_DATA_DIR: '/dev/null/data' } },
      /imagepull cannot start: the data directory cannot be used.*\n.*IMAGEPULL_DATA_DIR to a writable directory/,
    ],
    [
      'a kubeconfig that is not there',
      { kubeconfig: '/nowhere/kubeconfig' },
      /\/nowhere\/kubeconfig.*\n.*--kubeconfig/,
    ],
  ])('%s: exit code 2, and a sentence', async (_name, options, says) => {
    await using stage = await scene()
    const process = stage.run(options)
    expect(await process.ended).toBe(2)
    expect(saidBy(process)).toMatch(says)
  })

  test('a port that another has', async () => {
    await using stage = await scene()
    const other = await listen((_request, response) => void response.end())
    const process = stage.run({ environment: { PORT: String(other.port) } })
    expect(await process.ended).toBe(2)
    expect(saidBy(process)).toMatch(/imagepull cannot start: listen EADDRINUSE.*\n.*Set another PORT or --host/)
    await other.close()
  })

  test('a directory that another has, which goes on', async () => {
    await using stage = await scene()
    using folder = temporaryFolder()
    const environment = { IMAGEPULL_DATA_DIR: folder.path }
    const first = stage.run({ environment })
    await first.ready()
    const second = stage.run({ environment })
    expect(await second.ended).toBe(2)
    expect(saidBy(second)).toMatch(
      /imagepull cannot start: the process \d+ uses the data directory.*\n.*Stop the other process/,
    )
    expect(await first.ready()).toBeGreaterThan(0)
  })
})

test('embedded, a first start takes little memory', async () => {
  await using stage = await scene()
  const process = stage.run()
  await process.ready()
  await stage.ask(process)
  await expectOneThread(stage, process)
  const { now, peak } = process.memory()
  expect(now).toBeLessThan(330_000_000)
  expect(peak).toBeLessThan(600_000_000)
})

describe('a process that is told to end', () => {
  test('embedded: what it has taken is there when it comes back', async () => {
    await using stage = await scene()
    using folder = temporaryFolder()
    const environment = { IMAGEPULL_DATA_DIR: folder.path }
    const first = stage.run({ environment })
    await stage.ask(first)
    first.signal('SIGTERM')
    expect(await first.ended).toBe(0)
    const second = stage.run({ environment })
    await second.ready()
    await expectOneThread(stage, second)
  })

  describe.skipIf(whyNoRedis).concurrent('a worker beside Redis', () => {
    test.each([0, 1, 2])('after %i posts: it ends what it does, and another goes on', async (posts) => {
      await using stage = await scene()
      await using server = await redisServer()
      const { url: redisUrl } = server
      const web = stage.run({ role: 'web', redisUrl })
      const first = stage.run({ role: 'worker', redisUrl })
      await first.ready()
      await stage.ask(web)
      await until('the posts before', () => stage.says().length >= posts)
      const before = first.lines.length // what a busy machine made it say so far
      first.signal('SIGTERM')
      expect(await first.ended).toBe(0)
      expect(first.lines.slice(before).join('\n')).not.toMatch(/"level":"(?:error|warn)"/)
      await stage.run({ role: 'worker', redisUrl }).ready()
      await expectOneThread(stage, web)
    })

    test('in the middle of a check: it ends that, and another posts what came out', async () => {
      await using stage = await scene()
      await using server = await redisServer()
      const { url: redisUrl } = server
      const hang = [{ verb: 'list', resource: 'events' }] as const
      await using slow = await servedCluster(busyCluster('registry.test:5000', ['web']), { hang })
      const web = stage.run({ role: 'web', redisUrl })
      const environment = { LOG_LEVEL: 'debug' }
      const first = stage.run({ role: 'worker', redisUrl, kubeconfig: slow.kubeconfig, environment })
      await first.ready()
      await stage.ask(web)
      await until('it looks', () => stage.says().length >= 2)
      first.signal('SIGTERM')
      const ended = first.ended
      await stage.run({ role: 'worker', redisUrl }).ready()
      expect(await ended).toBe(0)
      const done = first.lines.filter((line) => /"job":"investigate".*a job is done/.test(line))
      expect(done).toHaveLength(1)
      await expectOneThread(stage, web)
    })
  })
})

describe.concurrent('an embedded database whose tables are damaged', () => {
  test.each([
    ["the store's", 'create schema imagepull; create table imagepull.record (id text)'],
    ["the queue's", 'create schema bullmq; create table bullmq.job (id text)'],
  ])('%s: the start ends, and says why', async (_whose, damage) => {
    using folder = temporaryFolder()
    const { pool, close } = await openEmbeddedDatabase(folder.path)
    await pool.query(damage)
    await close()
    await using on = await scene()
    const service = on.run({ environment: { IMAGEPULL_DATA_DIR: folder.path } })
    expect(await service.ended).toBe(2)
    expect(service.lines.join('\n')).toMatch(/database|tables/)
  })
})
