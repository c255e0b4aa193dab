import { createHmac } from 'node:crypto'
import type { Envelope } from '../socket-mode.ts'

/** The app's answer to a request of Slack. */
export interface AppAnswer {
  /** The HTTP status. An acknowledgement over Socket Mode counts as 200. `not-sent`: the app has no scope for the event. */
  readonly status: number | 'timeout' | 'connection-failed' | 'not-sent'
  /** The parsed JSON, or the text. undefined: empty. */
  readonly body: unknown
  /** Milliseconds until the answer, in real time. */
  readonly ms: number
  /** 2: Slack retried an event at once. */
  readonly attempts: number
  /** Slack's error code, if it refused the body. */
  readonly refused?: string
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack. `at`: milliseconds since 1970. */
export function sign(body: string, secret: string, at: number): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1_000))
  const hash = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hash}` }
}

export interface PostOutcome {
  readonly status: number
  /** The parsed JSON, or the text. undefined: empty. */
  readonly body: unknown
  /** No retry is needed: the app accepted the request, or refused retries. */
  readonly isFinal: boolean
}

/** Sends a request. Rejects if there is no answer. https://docs.slack.dev/apis/events-api/#turning_off_retries */
export async function sendPost(url: string, { headers, body }: HttpPost, signal: AbortSignal): Promise<PostOutcome> {
  const response = await fetch(url, { method: 'POST', headers, body, signal })
  const isFinal = response.ok || response.headers.get('x-slack-no-retry') === '1'
  return { status: response.status, body: parsed(await response.text()), isFinal }
}

function parsed(body: string): unknown {
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/** A request to the app over HTTP. */
export interface HttpPost {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Overrides of the signature, to forge a request. */
export interface Sending {
  readonly secret?: string
  /** Milliseconds by which the time stamp is wrong. */
  readonly skew?: number
}

interface Sent extends Sending {
  readonly kind: Envelope['type']
  readonly payload: object
  readonly secret: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** 0: the first attempt. */
  readonly retry: number
  readonly reason?: string
}

/** Commands and interactions are forms, events are JSON. Bolt compares the content type exactly, so it has no charset. */
export function httpPost({ kind, payload, secret, skew = 0, at, retry, reason }: Sent): HttpPost {
  const isEvent = kind === 'events_api'
  const body = isEvent ? JSON.stringify(payload) : formOf(kind, payload)
  return {
    body,
    headers: {
      'content-type': isEvent ? 'application/json' : 'application/x-www-form-urlencoded',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...sign(body, secret, at + skew),
      ...(reason && { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': reason }),
    },
  }
}

function formOf(kind: Envelope['type'], payload: object): string {
  const fields = kind === 'interactive' ? { payload: JSON.stringify(payload) } : (payload as Record<string, string>) // a command
  return new URLSearchParams(fields).toString()
}
