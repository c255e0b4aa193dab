import type { Clock } from '../../clock.ts'
import type { Envelope, SocketMode } from '../socket-mode.ts'
import { type AppAnswer, type HttpPost, httpPost, type Sending, sendPost } from './http.ts'

/** Milliseconds. https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response */
const patience = 3_000

export interface Attempt {
  readonly kind: Envelope['type']
  readonly payload: object
  readonly sending: Sending
  /** 0: the first one. */
  readonly retry: number
  /** Why the previous attempt failed. */
  readonly reason?: string
}

export interface Outcome extends Pick<AppAnswer, 'status' | 'body' | 'ms'> {
  /** No retry is needed: the app accepted the request, or refused retries. */
  readonly isFinal: boolean
}

export interface Delivery {
  readonly kind: Envelope['type']
  /** Milliseconds since 1970, on Slack's clock. */
  readonly at: number
  readonly retry: number
  readonly status: AppAnswer['status']
  /** As it was sent over HTTP. */
  readonly post?: HttpPost
}

export interface Attempts {
  /** Sets the app's address. */
  connect(url: string): void
  readonly connected: boolean
  /** Sends a request over Socket Mode if an app is connected that way, else over HTTP. Throws CannotAct if no app is connected. */
  make(attempt: Attempt): Promise<Outcome>
  /** Sends the same request again. */
  replay(post: HttpPost): Promise<Outcome>
  readonly deliveries: readonly Delivery[]
}

interface Parts {
  readonly clock: Clock
  readonly signingSecret: string
  readonly socketMode: SocketMode
  readonly eventsUrl: string | undefined
  /** Aborts running requests. */
  readonly stopped: AbortSignal
}

type Send = (signal: AbortSignal) => Promise<Omit<Outcome, 'ms'>>

/** Sends single requests to the app, which has 3 s to answer. */
export function createAttempts({ clock, signingSecret, socketMode, eventsUrl, stopped }: Parts): Attempts {
  const deliveries: Delivery[] = []
  let url = eventsUrl

  async function make({ sending, ...of }: Attempt): Promise<Outcome> {
    const at = clock.now()
    const post = socketMode.connected ? undefined : httpPost({ secret: signingSecret, ...sending, ...of, at })
    const outcome = await patiently(clock, stopped, (signal) =>
      post ? sendPost(address(), post, signal) : sendEnvelope(socketMode, of, signal),
    )
    deliveries.push({ kind: of.kind, at, retry: of.retry, status: outcome.status, ...(post && { post }) })
    return outcome
  }

  function address(): string {
    if (url) return url
    throw new CannotAct('app-not-connected', 'no app is connected, over HTTP or Socket Mode')
  }

  return {
    connect(to) {
      url = to
    },
    get connected() {
      return url !== undefined || socketMode.connected
    },
    make,
    replay: (post) => patiently(clock, stopped, (signal) => sendPost(address(), post, signal)),
    deliveries,
  }
}

async function patiently(clock: Clock, stopped: AbortSignal, send: Send): Promise<Outcome> {
  const start = performance.now()
  const over = new AbortController()
  const answered = new AbortController()
  clock.sleep(patience, answered.signal).then(
    () => over.abort(),
    () => undefined, // it was answered
  )
  try {
    const outcome = await send(AbortSignal.any([over.signal, stopped]))
    return { ...outcome, ms: performance.now() - start }
  } catch (error) {
    if (error instanceof CannotAct) throw error
    const status = over.signal.aborted ? 'timeout' : 'connection-failed'
    return { status, body: undefined, ms: performance.now() - start, isFinal: false }
  } finally {
    answered.abort()
  }
}

async function sendEnvelope(socketMode: SocketMode, of: Omit<Attempt, 'sending'>, signal: AbortSignal) {
  const { kind, payload, retry, reason = '' } = of
  const isEvent = kind === 'events_api'
  const again = isEvent && { retry_attempt: retry, retry_reason: reason }
  const envelope = { type: kind, payload, accepts_response_payload: !isEvent, ...again }
  return { status: 200, body: await socketMode.send(envelope, signal), isFinal: true }
}

export type CannotActCode =
  | 'ambiguous'
  | 'app-not-connected'
  | 'invalid-message'
  | 'is-archived'
  | 'missing-scope'
  | 'no-such-channel'
  | 'no-such-element'
  | 'no-such-message'
  | 'no-such-user'
  | 'no-such-view'
  | 'not-confirmed'
  | 'not-in-channel'
  | 'not-own-message'
  | 'required-input'

/** An action that is impossible in Slack, such as pressing a hidden button. */
export class CannotAct extends Error {
  override readonly name = 'CannotAct'
  readonly code: CannotActCode

  constructor(code: CannotActCode, message: string) {
    super(message)
    this.code = code
  }
}
