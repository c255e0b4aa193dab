import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { quietLogger } from './quiet-logger.ts'

export interface BoltApp extends AsyncDisposable {
  readonly app: App
  /** What Bolt logged as errors. */
  readonly errors: readonly string[]
}

/** A real Bolt app against the local Slack, over HTTP or Socket Mode, that lives as long as its `await using`. */
export async function boltApp(
  slack: LocalSlack,
  listen: (app: App) => void,
  { socketMode = false }: { readonly socketMode?: boolean } = {},
): Promise<BoltApp> {
  const errors: string[] = []
  const logger = quietLogger(errors)
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }
  const { appToken, botToken: token, signingSecret } = slack
  const receiver = socketMode
    ? new SocketModeReceiver({ appToken, logger, clientPingTimeout: 300, installerOptions: { clientOptions } })
    : new HTTPReceiver({ signingSecret, logger })
  const app = new App({ token, logger, clientOptions, receiver, deferInitialization: true })
  app.error(async (error) => {
    errors.push(error.message)
  })
  listen(app)
  await app.init()
  await start(app, slack, socketMode)
  return { app, errors, [Symbol.asyncDispose]: async () => void (await app.stop()) }
}

async function start(app: App, slack: LocalSlack, socketMode: boolean): Promise<void> {
  const server: unknown = await (socketMode ? app.start() : app.start({ port: 0, host: '127.0.0.1' }))
  if (typeof server !== 'object' || server === null || !('address' in server)) return
  const { port } = (server as { address(): { port: number } }).address() // a server of Node
  slack.connectApp(`http://127.0.0.1:${port}/slack/events`)
}
