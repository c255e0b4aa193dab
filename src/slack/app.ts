import {
  type AnyMiddlewareArgs,
  App,
  HTTPReceiver,
  type Logger,
  LogLevel,
  type Middleware,
  type Receiver,
  SocketModeReceiver,
} from '@slack/bolt'
import type { Log } from '../observability/log.ts'
import { withTimeout } from '../queue/retry.ts'
import type { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'
import { acknowledgeAfterListeners } from './late-acknowledgement.ts'
import { NotTaken } from './listeners/alert-posts.ts'
import type { ListenerOptions } from './listeners/options.ts'
import { register } from './listeners/register.ts'
import type { Respond } from './requests/respond.ts'
import { readSignature, verifiedRequests } from './verified-requests.ts'

/** How Slack's requests arrive. */
export type Receives =
  | { readonly by: 'http'; readonly signingSecret: Secret }
  | { readonly by: 'socket'; readonly appToken: Secret }

/** The bot's own ids, from auth.test. */
export interface Identity {
  readonly team: string
  readonly botId: string
  readonly botUser: string
}

export interface SlackAppOptions {
  readonly botToken: Secret
  readonly receives: Receives
  readonly apiUrl: string | undefined
  readonly identity: () => Identity
  readonly listeners: ListenerOptions
  /** Shows a message to the person who asked. */
  readonly respond: Respond
  readonly log: Log
}

type Listener = ReturnType<typeof verifiedRequests>

/** Receives Slack's requests. Over HTTP its listener is mounted on the app's server; over a socket it opens a connection. */
export interface SlackApp {
  /** The listener is for POST requests alone. */
  readonly http: { readonly path: string; readonly listener: Listener } | undefined
  start(): Promise<void>
  /** Takes no more requests, and waits at most `ms` milliseconds for the running ones. */
  stop(ms: number): Promise<void>
}

export const slackPath = '/slack/events'
/** Bytes. Slack's requests are far smaller. */
const bodyLimit = 256 * 1_024

export function createSlackApp(options: SlackAppOptions): SlackApp {
  const { botToken, receives, apiUrl, identity, listeners, respond, log } = options
  const logger = loggerOver(log)
  const { receiver, listener } = receiverFor(receives, apiUrl, logger, log)
  const app = new App({
    receiver,
    logger,
    convoStore: false,
    ignoreSelf: false, // Alertmanager may post with this app's token
    authorize: async () => {
      const { botId, botUser } = identity()
      return { botToken: botToken.reveal(), botId, botUserId: botUser }
    },
  })
  const running = new Set<Promise<unknown>>()
  const track = (work: Promise<unknown>): void => {
    const tracked: Promise<unknown> = work
      .catch((error) => log.error('a request from Slack could not be handled', { error }))
      .finally(() => running.delete(tracked))
    running.add(tracked)
  }
  if (receives.by === 'socket') acknowledgeAfterListeners(app)
  app.use(refuseReplays(listeners.store, log))
  register(app, listeners, respond, track)
  app.error(async (error) => {
    log.error('a listener failed', { error })
    if ([error, error.original].some((it) => it instanceof NotTaken)) throw error // Slack gets a 500 and sends the event again
  })
  return {
    http: listener && { path: slackPath, listener },
    start: async () => (receives.by === 'socket' ? void (await app.start()) : undefined),
    async stop(ms) {
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, ms)
      const stopped = receives.by === 'socket' ? app.stop() : undefined
      await Promise.race([Promise.allSettled([stopped, ...running]), late])
      clearTimeout(timer)
    },
  }
}

function receiverFor(
  receives: Receives,
  apiUrl: string | undefined,
  logger: Logger,
  log: Log,
): { readonly receiver: Receiver; readonly listener: Listener | undefined } {
  if (receives.by === 'socket') {
    const appToken = receives.appToken.reveal()
    // The receiver's own client takes its options from those of an installer.
    const installerOptions = apiUrl ? { installerOptions: { clientOptions: { slackApiUrl: apiUrl } } } : {}
    return { receiver: new SocketModeReceiver({ appToken, logger, ...installerOptions }), listener: undefined }
  }
  const { signingSecret } = receives
  const receiver = new HTTPReceiver({
    signingSecret: signingSecret.reveal(),
    endpoints: slackPath,
    bodyLimit,
    logger,
    processBeforeResponse: true, // an event is acknowledged only after it is written down
    customPropertiesExtractor: (request) => ({ signature: readSignature(request) }),
  })
  return { receiver, listener: verifiedRequests({ receiver, signingSecret, bodyLimit, warn: log.debug }) }
}

/** Logs Bolt's messages one level lower: what Bolt calls an error is often a stranger's request. */
function loggerOver(log: Log): Logger {
  const say =
    (write: Log['debug']) =>
    (...words: unknown[]) =>
      write(`bolt: ${words.map(String).join(' ')}`)
  return {
    debug: () => undefined,
    info: say(log.debug),
    warn: say(log.debug),
    error: say(log.warn),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  }
}

/** Milliseconds: twice the time for which Slack's signature is valid. */
const replayWindow = 10 * 60_000

/** Milliseconds. Slack waits three seconds, and a listener needs two of them to notice that the store does not answer. */
const claimTimeout = 500

/**
 * Drops a request that was taken before; Slack signs each of its own retries again. The key is the signature's hex digits,
 * which cover timestamp and body, so a copy with other headers is the same request. Over a socket there is no signature.
 */
export function refuseReplays(store: Store, log: Log): Middleware<AnyMiddlewareArgs> {
  return async ({ context, next, ...args }) => {
    const { signature } = context
    if (typeof signature !== 'string') return next()
    // If the store does not answer, the request goes on, and its listener tells the person.
    const claim = store.claim(`slack request ${signature}`, replayWindow)
    const first = await withTimeout(claimTimeout, claim, () => true).catch(() => true)
    if (first) return next()
    log.warn('a request from Slack arrived a second time and is ignored')
    if ('ack' in args && typeof args.ack === 'function') await args.ack()
  }
}
