import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { temporaryFile } from '../../src/simulator/cluster/memory-cluster.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import type { AppAnswer } from '../../src/simulator/slack/people/http.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import type { Ephemeral, Message } from '../../src/simulator/slack/workspace/records.ts'
import { type ActingCluster, type ActingOptions, actingCluster, registryHost } from './acting-cluster.ts'
import { actionWorkspace } from './action-workspace.ts'
import { kill } from './kill.ts'
import { redisServer } from './redis-server.ts'
import { type AppOptions, type RunningApp, runningApp, until } from './running-app.ts'

const { maya, incidents, bot, configuration, seed } = actionWorkspace
const program = new URL('./app-worker.ts', import.meta.url)

/** Milliseconds: what takes minutes takes moments here. */
export const quickTiming: NonNullable<AppOptions['timing']> = {
  reconcile: 300,
  stable: 700,
  poll: 100,
  batch: 150,
  recover: 4_000,
  patience: 20_000,
}

export const actingConfiguration = {
  ...configuration,
  registries: [
    { host: registryHost, access: 'proxy', plainHttp: true },
    { host: 'registry.test:5000', access: 'none' },
  ],
}

export interface ActingPlace extends ActingOptions {
  readonly redis: boolean
  /** In the place of keys of the usual one. */
  readonly configuration?: object
  /** Default: all of it in this process. */
  readonly role?: AppOptions['role']
  readonly timing?: AppOptions['timing']
  readonly now?: AppOptions['now']
  /** What the program logs, line by line. */
  readonly log?: AppOptions['log']
}

/** The whole program in a local Slack, beside a cluster that lives and may be changed; gone with its `await using`. */
export interface Acting extends AsyncDisposable {
  readonly slack: LocalSlack
  readonly cluster: ActingCluster
  readonly redisUrl: string | undefined
  /** Where the program listens. */
  readonly port: number
  readonly url: string
  restart(configuration?: object): Promise<RunningApp>
  /** A worker beside it, in this process: for a place of the role `web`. */
  worker(configuration?: object): Promise<RunningApp>
  /** The same in a process of its own, to be killed. */
  workerProcess(): Promise<ChildProcess>
  ask(text: string, channel?: string, user?: string): Promise<AppAnswer>
  own(channel?: string): readonly Message[]
  /** All that the bot says in the channel, as a person reads it. */
  says(channel?: string): string
  /** Resolves with the message that says so. */
  hears(says: RegExp, seconds?: number, channel?: string): Promise<Message>
  /** The newest message with such a button; pressed by somebody. */
  press(action: string, user?: string, of?: { value?: string; channel?: string }): Promise<AppAnswer>
  told(user: string, says: RegExp): Promise<Ephemeral>
}

export async function acting({
  redis,
  configuration: more,
  role = 'all',
  timing = quickTiming,
  now,
  log,
  ...options
}: ActingPlace): Promise<Acting> {
  const stack = new AsyncDisposableStack()
  const slack = stack.use(await startLocalSlack({ seed, limits: 'none' }))
  const cluster = stack.use(await actingCluster(options))
  const server = redis ? stack.use(await redisServer()) : undefined
  const shared = { kubeconfig: cluster.kubeconfig, timing, ...(server && { redisUrl: server.url }) }
  const configured = { ...actingConfiguration, ...more }
  const start = (changed: object = {}, as: AppOptions['role'] = role): Promise<RunningApp> =>
    runningApp({
      ...{ slack, ...shared, role: as, configuration: { ...configured, ...changed } },
      ...(now && { now }),
      ...(log && { log }),
      lock: 2_000,
    })
  let app = await start()
  stack.defer(() => app.stop())

  const own = (channel: string = incidents): readonly Message[] =>
    slack.messages(channel).filter(({ user }) => user === bot)
  const says = (channel: string = incidents): string =>
    own(channel)
      .map((it) => slack.plainText(it))
      .join('\n---\n')

  async function hears(form: RegExp, seconds = 90, channel: string = incidents): Promise<Message> {
    const look = () => own(channel).find((it) => form.test(slack.plainText(it)))
    return until(`the bot says ${form}`, look, seconds).catch((error) => {
      throw new Error(`${error.message}; it says:\n${says(channel)}`)
    })
  }

  return {
    slack,
    cluster,
    redisUrl: server?.url,
    get port() {
      return app.port
    },
    get url() {
      return `http://127.0.0.1:${app.port}`
    },
    async restart(changed) {
      await app.stop()
      app = await start(changed)
      return app
    },
    worker: async (changed) => stack.use(await start(changed, 'worker')),
    async workerProcess() {
      const { botToken, apiUrl, signingSecret, appToken } = slack
      const settings = { ...shared, configuration: configured, slack: { botToken, apiUrl, signingSecret, appToken } }
      const file = stack.use(temporaryFile(JSON.stringify(settings)))
      const child = fork(program, [file.path], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      stack.defer(() => kill(child))
      await once(child, 'message')
      return child
    },
    ask: (text, channel = incidents, user = maya) => slack.command({ user, channel, command: '/imagepull', text }),
    ...{ own, says, hears },
    async press(action, user = maya, { value, channel = incidents } = {}) {
      const actionId = `imagepull:${action}`
      const message = await until(`a button ${action}`, () =>
        own(channel).findLast(({ blocks }) => JSON.stringify(blocks).includes(`"action_id":"${actionId}"`)),
      ).catch((error) => {
        throw new Error(`${error.message}; it says:\n${says(channel)}`)
      })
      return slack.press({ user, message, actionId, confirmed: true, ...(value !== undefined && { value }) })
    },
    told: (user, form) =>
      until(`${user} is told ${form}`, () =>
        slack.ephemerals(user).findLast((it) => form.test(slack.plainText(it))),
      ).catch((error) => {
        throw new Error(
          `${error.message}; told: ${slack
            .ephemerals(user)
            .map((it) => slack.plainText(it))
            .join(' | ')}`,
        )
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
