import { createHmac } from 'node:crypto'
import type { Envelope } from '../socket-mode.ts'

/** What the app made of what Slack sent it. */
export interface AppAnswer {
  /** Of HTTP; an acknowledgement over Socket Mode counts as 200. `not-sent`: the app did not ask for such events. */
  readonly status: number | 'timeout' | 'connection-failed' | 'not-sent'
  /** Parsed where it is JSON; undefined: empty. */
  readonly body: unknown
  /** Milliseconds until it came, in real time. */
  readonly ms: number
  /** 2, where Slack tried an event again at once. */
  readonly attempts: number
  /** Slack's name for what is wrong with the body, where it would not show it. */
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
  /** Parsed where it is JSON; undefined: empty. */
  readonly body: unknown
  /** The app took it, or wants it no more. */
  readonly isFinal: boolean
}

/** Rejects where no answer comes. https://docs.slack.dev/apis/events-api/#turning_off_retries */
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

/** A request as it goes to the app over HTTP. */
export interface HttpPost {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How a request is signed, to forge one. */
export interface Sending {
  readonly secret?: string
  /** Milliseconds that the time stamp is off. */
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
