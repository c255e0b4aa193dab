import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { temporaryFile } from '../../src/simulator/cluster/memory-cluster.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { untilIdle } from '../support/idle.ts'
import { kill } from '../support/kill.ts'
import { redisServer, whyNoRedis } from '../support/redis-server.ts'
import { runningApp, until } from '../support/running-app.ts'
import { servedCluster } from '../support/served-cluster.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

const { maya, incidents, bot } = slackWorkspace
const manifests = readFileSync(new URL('../fixtures/slack-flow.yaml', import.meta.url), 'utf8')
const program = new URL('../support/app-worker.ts', import.meta.url)

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

interface Scene {
  readonly slack: LocalSlack
  ask(): Promise<unknown>
  /** What the bot posted, as a person reads it. */
  says(): readonly string[]
  isComplete(): boolean
}

/** A command, a worker that is killed at some point of it, and another: what the thread is then. */
async function killedAt(die: (scene: Scene) => Promise<unknown>): Promise<Scene & { readonly roots: number }> {
  await using stack = new AsyncDisposableStack()
  const slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed, limits: 'none' }))
  const { kubeconfig } = stack.use(await servedCluster(manifests))
  const { url: redisUrl } = stack.use(await redisServer())
  const web = stack.use(await runningApp({ slack, kubeconfig, redisUrl, role: 'web' }))
  const { botToken, apiUrl, signingSecret, appToken } = slack
  const file = stack.use(
    temporaryFile(JSON.stringify({ kubeconfig, redisUrl, slack: { botToken, apiUrl, signingSecret, appToken } })),
  )
  const worker = async (): Promise<ChildProcess> => {
    const child = fork(program, [file.path], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    stack.defer(() => kill(child))
    await once(child, 'message')
    return child
  }
  const own = () => slack.messages(incidents).filter(({ user }) => user === bot)
  const says = () => own().map((it) => slack.plainText(it))
  const isComplete = () => [/🔴 DOWN/, /✓ Reading the pod/, /Why:/].every((part) => says().some((it) => part.test(it)))
  const ask = () =>
    slack.command({ user: maya, channel: incidents, command: '/imagepull', text: 'shop/web-5d9cf86b95-26kvf' })
  const scene = { slack, ask, says, isComplete }

  const first = await worker()
  await die(scene)
  await kill(first)
  await worker()
  await until('the thread is complete', isComplete)
  await untilIdle(`http://127.0.0.1:${web.port}`)
  const roots = own().filter(({ threadTs, ts }) => !threadTs || threadTs === ts).length
  const last = says()
  return { ...scene, says: () => last, roots }
}

function expectOneThread({ says, roots }: Awaited<ReturnType<typeof killedAt>>): void {
  expect(roots).toBe(1)
  expect(says().filter((it) => /Why:/.test(it))).toHaveLength(1)
  expect(says()).toHaveLength(3)
}

describe.skipIf(whyNoRedis).concurrent('a worker that is killed', () => {
  const points = [
    ...[0, 1, 2].flatMap((earlier) =>
      (['before', 'after'] as const).map((effect) => ({ method: 'chat.postMessage', earlier, effect })),
    ),
    { method: 'chat.update', earlier: 0, effect: 'before' as const },
    { method: 'chat.update', earlier: 0, effect: 'after' as const },
    { method: 'conversations.info', earlier: 0, effect: 'after' as const },
  ]

  test.each(points)(
    'in $method, after $earlier of them, $effect it took effect',
    async ({ method, earlier, effect }) => {
      const ended = await killedAt(async ({ slack, ask, isComplete }) => {
        const calls = () => slack.calls.filter((it) => it.method === method).length
        if (earlier === 0) slack.fail(method, { kind: 'hang', effect }, 1)
        await ask()
        if (earlier > 0) {
          await until('the calls before', () => calls() >= earlier)
          slack.fail(method, { kind: 'hang', effect }, 1)
        }
        await until('the call that hangs', () => calls() > earlier || isComplete())
        await sleep(30)
      })
      expectOneThread(ended)
    },
  )

  test.each([20, 60, 120, 200, 300])('%i ms after the command', async (ms) => {
    const ended = await killedAt(async ({ ask }) => {
      await ask()
      await sleep(ms)
    })
    expectOneThread(ended)
  })
})
