import type { Clock } from '../../clock.ts'
import { Refusal } from '../api/replies.ts'
import type { SocketMode } from '../socket-mode.ts'
import { type Attempt, type Attempts, createAttempts, type Outcome } from './attempts.ts'
import type { AppAnswer, HttpPost, Sending } from './http.ts'

/** Milliseconds before each further attempt at an event. https://docs.slack.dev/apis/events-api/#retries */
const pauses = [0, 60_000, 300_000] as const

export interface Courier extends Pick<Attempts, 'connect' | 'connected' | 'deliveries'> {
  /** Sends a command or an interaction. Throws CannotAct if no app is connected. */
  deliver(kind: 'slash_commands' | 'interactive', payload: object, sending?: Sending): Promise<AppAnswer>
  /** Sends an event. Retries at once, and later in the background, until the app accepts it. */
  deliverEvent(payload: object, sending?: Sending): Promise<AppAnswer>
  /** Sends the same request again. */
  replay(post: HttpPost): Promise<AppAnswer>
  stop(): void
}

interface Parts {
  readonly clock: Clock
  readonly signingSecret: string
  readonly socketMode: SocketMode
  readonly eventsUrl: string | undefined
}

/** Delivers Slack's requests to the app. */
export function createCourier(parts: Parts): Courier {
  const stopped = new AbortController()
  const attempts = createAttempts({ ...parts, stopped: stopped.signal })

  /** Makes the remaining attempts in the background. */
  async function persist(of: Attempt): Promise<void> {
    const pause = pauses[of.retry - 1]
    if (pause === undefined) return
    await parts.clock.sleep(pause, stopped.signal)
    const outcome = await attempts.make(of)
    if (!outcome.isFinal) await persist({ ...of, retry: of.retry + 1, reason: reasonOf(outcome) })
  }

  async function deliverEvent(payload: object, sending: Sending = {}): Promise<AppAnswer> {
    const first: Attempt = { kind: 'events_api', payload, sending, retry: 0 }
    const outcome = await attempts.make(first)
    if (outcome.isFinal) return answerOf(outcome, 1)
    const second: Attempt = { ...first, retry: 1, reason: reasonOf(outcome) }
    const atOnce = await attempts.make(second)
    if (!atOnce.isFinal) persist({ ...second, retry: 2, reason: reasonOf(atOnce) }).catch(() => undefined) // it is stopped
    return answerOf(atOnce, 2)
  }

  return {
    connect: attempts.connect,
    get connected() {
      return attempts.connected
    },
    deliveries: attempts.deliveries,
    async deliver(kind, payload, sending = {}) {
      return answerOf(await attempts.make({ kind, payload, sending, retry: 0 }), 1)
    },
    deliverEvent,
    async replay(post) {
      return answerOf(await attempts.replay(post), 1)
    },
    stop: () => stopped.abort(),
  }
}

function answerOf({ status, body, ms }: Outcome, attempts: number): AppAnswer {
  return { status, body, ms, attempts }
}

function reasonOf({ status }: Outcome): string {
  if (status === 'timeout') return 'http_timeout'
  return status === 'connection-failed' ? 'connection_failed' : 'http_error'
}

/** Shows the content of an acknowledgement, or returns Slack's refusal. */
export function showAnswer(answer: AppAnswer, show: (body: unknown) => void): AppAnswer {
  if (answer.status !== 200 || answer.body === undefined || answer.body === null) return answer
  try {
    show(answer.body)
    return answer
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { ...answer, refused: error.code }
  }
}
