import type { Envelope } from '../socket-mode.ts'
import { sign } from './sign.ts'

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
