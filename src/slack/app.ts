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
import { within } from '../queue/retry.ts'
import type { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'
import { NotTaken } from './listeners/alert-posts.ts'
import type { ListenerOptions } from './listeners/options.ts'
import { register } from './listeners/register.ts'
import { respond, responseOrigins } from './requests/respond.ts'
import { signatureOf, verifiedRequests } from './verified-requests.ts'

/** How Slack's requests come in. */
export type Receives =
  | { readonly by: 'http'; readonly signingSecret: Secret }
  | { readonly by: 'socket'; readonly appToken: Secret }

/** Who the bot is, as auth.test tells. */
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
  readonly log: Log
}

type Listener = ReturnType<typeof verifiedRequests>

/** What hears Slack: over HTTP its listener is mounted on the one server, over a socket it connects by itself. */
export interface SlackApp {
  /** The listener is for POST requests alone. */
  readonly http: { readonly path: string; readonly listener: Listener } | undefined
  start(): Promise<void>
  /** Hears no more, and waits for what was heard. Milliseconds at most. */
  stop(ms: number): Promise<void>
}

export const slackPath = '/slack/events'
/** Bytes. Slack's own requests stay far below. */
const bodyLimit = 256 * 1_024

export function slackApp({ botToken, receives, apiUrl, identity, listeners, log }: SlackAppOptions): SlackApp {
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
      .catch((error) => log.error('something heard in Slack could not be handled', { error }))
      .finally(() => running.delete(tracked))
    running.add(tracked)
  }
  const origins = responseOrigins(apiUrl)
  app.use(refuseReplays(listeners.store, log))
  register(app, listeners, (to, message) => respond(listeners.slack, origins, to, message), track)
  app.error(async (error) => {
    log.error('a listener failed', { error })
    if ([error, error.original].some((it) => it instanceof NotTaken)) throw error // Slack is answered 500, and sends it again
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
    processBeforeResponse: true, // an event that could not be written down is not acknowledged
    customPropertiesExtractor: (request) => ({ signature: signatureOf(request) }),
  })
  return { receiver, listener: verifiedRequests({ receiver, signingSecret, bodyLimit, warn: log.debug }) }
}

/** Bolt's own words, at a level lower than ours: what it calls an error is often a stranger's request. */
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

/** Milliseconds: twice the time in which Slack's signature counts. */
const remembered = 10 * 60_000

/** Milliseconds. Slack waits for three seconds, and a listener needs two of them to learn that the store is away. */
const patience = 500

/**
 * A request that was taken once is not taken again: Slack signs each try anew. The key holds the signature's digits alone:
 * they cover timestamp and body, so a copy with any other header is the same request. Over a socket there is no signature.
 */
export function refuseReplays(store: Store, log: Log): Middleware<AnyMiddlewareArgs> {
  return async ({ context, next, ...args }) => {
    const { signature } = context
    if (typeof signature !== 'string') return next()
    // Without the store nothing that is heard can be done, and each listener says so itself.
    const claim = store.claim(`slack request ${signature}`, remembered)
    const first = await within(patience, claim, () => true).catch(() => true)
    if (first) return next()
    log.warn('a request of Slack was sent a second time, and is passed over')
    if ('ack' in args && typeof args.ack === 'function') await args.ack()
  }
}
