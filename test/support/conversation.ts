import { readFileSync } from 'node:fs'
import type { ApiServerOptions } from '../../src/simulator/cluster/api/store.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import type { AppAnswer } from '../../src/simulator/slack/people/http.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import type { Ephemeral, Message } from '../../src/simulator/slack/workspace/records.ts'
import { freePort } from './free-port.ts'
import { type RedisServer, redisServer } from './redis-server.ts'
import { type AppOptions, type RunningApp, runningApp, until, webhookToken } from './running-app.ts'
import { type ServedCluster, servedCluster } from './served-cluster.ts'
import { slackWorkspace } from './slack-workspace.ts'

const { maya, incidents, bot } = slackWorkspace
const manifests = readFileSync(new URL('../fixtures/slack-flow.yaml', import.meta.url), 'utf8')

export interface ConversationOptions {
  readonly redis: boolean
  readonly socket?: boolean
  /** Default: the small cluster of slack-flow.yaml. */
  readonly objects?: string | readonly unknown[]
  readonly configuration?: AppOptions['configuration']
  readonly api?: ApiServerOptions
  readonly log?: (line: string) => void
  readonly dataDirectory?: string
  /** Nothing is started yet. */
  readonly down?: boolean
}

/** The whole program in a local Slack, beside a small cluster in memory; gone with its `await using`. */
export interface Conversation extends AsyncDisposable {
  readonly slack: LocalSlack
  readonly cluster: ServedCluster
  /** Where it is embedded there is none. */
  readonly redis: RedisServer | undefined
  /** Where the program listens, now and after each restart. */
  readonly url: string
  stop(): Promise<void>
  /** Stops the program and starts it anew, with another configuration. */
  restart(configuration?: AppOptions['configuration']): Promise<RunningApp>
  /** As Alertmanager's webhook does. The answer's status. */
  webhook(payload: unknown, token?: string): Promise<number>
  ask(text?: string, user?: string, channel?: string): Promise<AppAnswer>
  /** What the bot posted in #incidents, the newest state of it. */
  own(): readonly Message[]
  roots(channel?: string): readonly Message[]
  /** The `text` of each post of the bot, in any channel, as it was first: what a phone shows. */
  notifications(): readonly string[]
  /** A message as it is now. */
  now(message: Message): Message
  /** A reply of the bot that says so. */
  verdict(says: RegExp, seconds?: number): Promise<Message>
  /** What one person alone is told. */
  told(user: string, says: RegExp): Promise<Ephemeral>
}

export async function conversation(options: ConversationOptions): Promise<Conversation> {
  const { redis, socket = false, objects = manifests, down = false } = options
  const stack = new AsyncDisposableStack()
  const slack = stack.use(await startLocalSlack({ seed: slackWorkspace.seed, limits: 'none' }))
  const notified = new Map<string, string>()
  stack.defer(
    slack.onChange(() => {
      for (const { id } of slack.channels)
        for (const { ts, text, user } of slack.messages(id))
          if (user === bot && !notified.has(ts)) notified.set(ts, text)
    }),
  )
  const cluster = stack.use(await servedCluster(objects, options.api))
  const server = redis ? stack.use(await redisServer()) : undefined
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const start = (configuration = options.configuration): Promise<RunningApp> =>
    runningApp({
      port,
      slack,
      kubeconfig: cluster.kubeconfig,
      socket,
      ...(server && { redisUrl: server.url }),
      ...(configuration && { configuration }),
      ...(options.log && { log: options.log }),
      ...(options.dataDirectory && { dataDirectory: options.dataDirectory }),
    })
  let app = down ? undefined : await start()
  stack.defer(async () => app?.stop())

  const own = (): readonly Message[] => slack.messages(incidents).filter(({ user }) => user === bot)
  return {
    slack,
    cluster,
    redis: server,
    url,
    stop: async () => app?.stop(),
    async webhook(payload, token = webhookToken) {
      const response = await fetch(`${url}/webhooks/alertmanager`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: typeof payload === 'string' ? payload : JSON.stringify(payload),
      })
      await response.text()
      return response.status
    },
    async restart(configuration) {
      await app?.stop()
      app = await start(configuration)
      return app
    },
    ask: (text = 'shop/web-5d9cf86b95-26kvf', user = maya, channel = incidents) =>
      slack.command({ user, channel, command: '/imagepull', text }),
    own,
    roots: (channel = incidents) =>
      slack.messages(channel).filter(({ threadTs, ts, user }) => user === bot && (!threadTs || threadTs === ts)),
    notifications: () => [...notified.values()],
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
