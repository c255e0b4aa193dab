import { readFileSync } from 'node:fs'
import type { AppAnswer } from '../../src/demo/slack/acting/app-answer.ts'
import type { LocalSlack } from '../../src/demo/slack/local-slack.ts'
import { startLocalSlack } from '../../src/demo/slack/start-local-slack.ts'
import type { Ephemeral, Message } from '../../src/demo/slack/workspace/records.ts'
import { redisServer } from './redis-server.ts'
import { type AppOptions, type RunningApp, runningApp, until } from './running-app.ts'
import { type ServedCluster, servedCluster } from './served-cluster.ts'
import { slackWorkspace } from './slack-workspace.ts'

const { maya, incidents, bot } = slackWorkspace
const manifests = readFileSync(new URL('../fixtures/slack-flow.yaml', import.meta.url), 'utf8')

export interface ConversationOptions {
  readonly redis: boolean
  readonly socket?: boolean
}

/** The whole program in a local Slack, beside a small cluster in memory; gone with its `await using`. */
export interface Conversation extends AsyncDisposable {
  readonly slack: LocalSlack
  readonly cluster: ServedCluster
  /** Stops the program and starts it anew, with another configuration. */
  restart(configuration?: AppOptions['configuration']): Promise<RunningApp>
  ask(text?: string, user?: string, channel?: string): Promise<AppAnswer>
  /** What the bot posted in #incidents, the newest state of it. */
  own(): readonly Message[]
  roots(channel?: string): readonly Message[]
  /** A message as it is now. */
  now(message: Message): Message
  /** A reply of the bot that says so. */
  verdict(says: RegExp, seconds?: number): Promise<Message>
  /** What one person alone is told. */
  told(user: string, says: RegExp): Promise<Ephemeral>
}

export async function conversation({ redis, socket = false }: ConversationOptions): Promise<Conversation> {
  const stack = new AsyncDisposableStack()
  const slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed, limits: 'none' }))
  const cluster = stack.use(await servedCluster(manifests))
  const server = redis ? stack.use(await redisServer()) : undefined
  const start = (configuration?: AppOptions['configuration']): Promise<RunningApp> =>
    runningApp({
      slack,
      kubeconfig: cluster.kubeconfig,
      socket,
      ...(server && { redisUrl: server.url }),
      ...(configuration && { configuration }),
    })
  let app = await start()
  stack.defer(() => app.stop())

  const own = (): readonly Message[] => slack.messages(incidents).filter(({ user }) => user === bot)
  return {
    slack,
    cluster,
    async restart(configuration) {
      await app.stop()
      app = await start(configuration)
      return app
    },
    ask: (text = 'shop/web-5d9cf86b95-26kvf', user = maya, channel = incidents) =>
      slack.command({ user, channel, command: '/imagepull', text }),
    own,
    roots: (channel = incidents) =>
      slack.messages(channel).filter(({ threadTs, ts, user }) => user === bot && (!threadTs || threadTs === ts)),
    now: (message) => slack.message(message.channel, message.ts) ?? message,
    verdict: (says, seconds) =>
      until(
        `a verdict that says ${says}`,
        () => own().find((it) => it.threadTs && says.test(slack.plainText(it))),
        seconds,
      ),
    told: (user, says) =>
      until(`${user} is told ${says}`, () => slack.ephemerals(user).find((it) => says.test(slack.plainText(it)))),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
