import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Alert } from '../incidents/alerts/alert.ts'
import type { AlertIntake } from '../incidents/alerts/intake.ts'
import type { Secret } from '../secret.ts'
import { visible } from '../text.ts'
import { parsePayload, type ReadPayload, readPayload } from './payload.ts'
import type { AlertRules } from './rules.ts'

export type WebhookOutcome = 'taken' | 'nothing' | 'unauthorised' | 'invalid' | 'too-large' | 'unavailable'

export interface WebhookOptions {
  readonly intake: Pick<AlertIntake, 'save'>
  readonly tokens: readonly Secret[]
  readonly rules: AlertRules
  /** Called for every request. @param alerts The number of accepted alerts. */
  readonly counted: (outcome: WebhookOutcome, alerts: number) => void
  /** Called for each rule whose alerts are ignored. @param name Untrusted, at most 100 characters. */
  readonly turnedAway: (name: string) => void
  readonly now: () => Date
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

const limits = {
  /** Bytes of a body: some ten thousand alerts. */
  body: 16 * 1_024 * 1_024,
  /** Concurrent requests, because their bodies are held in memory. */
  requests: 32,
  /** Alerts in one stored record. */
  record: 500,
  /** Milliseconds to store a delivery. */
  time: 5_000,
} as const

/** The routes for deliveries. Prometheus and vmalert post to the API path of the Alertmanager that they are given. */
export function webhookRoutes(options: WebhookOptions): Readonly<Record<string, ReturnType<typeof webhook>>> {
  const route = webhook(options)
  return { 'POST /webhooks/alertmanager': route, 'POST /webhooks/alertmanager/api/v2/alerts': route }
}

/**
 * Handles `POST /webhooks/alertmanager`. Answers 200 when the delivery is stored durably, and 503 when that is uncertain.
 * Alertmanager retries only after a 5xx, so the answer is never 429. https://github.com/prometheus/alertmanager/blob/main/notify/util.go
 */
export function webhook(given: WebhookOptions): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const options = { ...given, warn: warnOnce(given.warn, words.honorLabels) }
  let reading = 0
  return async (request, response) => {
    if (!isAllowed(request, options.tokens)) return answer(options, response, 401, 'unauthorised', words.unauthorised)
    if (reading >= limits.requests) return answer(options, response, 503, 'unavailable', 'busy, try again\n')
    reading += 1
    try {
      await take(options, request, response)
    } finally {
      reading -= 1
    }
  }
}

const words = {
  honorLabels:
    'Prometheus scrapes kube-state-metrics without honorLabels: alerts may name the pod of kube-state-metrics',
  unauthorised: 'a bearer token from ALERTMANAGER_WEBHOOK_TOKEN is required in the header Authorization\n',
} as const

async function take(options: WebhookOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request)
  if (!body) return answer(options, response, 413, 'too-large', 'too large\n')
  const parsed = parsePayload(jsonOf(body))
  if (!parsed.valid) return answer(options, response, 400, 'invalid', `${parsed.reason}\n`)
  const read = readPayload(parsed.payload, options.rules, options.now())
  notice(options, read)
  const { alerts } = read
  if (alerts.length === 0) return answer(options, response, 200, 'nothing', `${whyNothing(read)}\n`)
  try {
    await within(limits.time, takeAll(options, createHash('sha256').update(body).digest('base64url'), alerts))
  } catch (error) {
    options.warn('a delivery could not be stored; the sender will retry', { error })
    return answer(options, response, 503, 'unavailable', 'cannot be stored now, try again\n')
  }
  answer(options, response, 200, 'taken', 'ok\n', alerts.length)
}

/** Warns the operator about problems of an accepted delivery. */
function notice({ warn, turnedAway }: WebhookOptions, read: ReadPayload): void {
  if (read.unreadable > 0) warn('alerts of a delivery could not be parsed', { unreadable: read.unreadable })
  for (const name of read.turnedAway) turnedAway(name)
  if (read.lacksHonorLabels) warn(words.honorLabels, {})
}

/** Lets one message through only once, because its cause lasts until somebody changes the scrape. */
function warnOnce(warn: WebhookOptions['warn'], once: string): WebhookOptions['warn'] {
  let isWarned = false
  return (message, fields) => {
    if (message === once && isWarned) return
    isWarned ||= message === once
    warn(message, fields)
  }
}

/** Says in one line why no alert of a delivery was accepted. */
export function whyNothing({ unreadable, turnedAway }: Pick<ReadPayload, 'unreadable' | 'turnedAway'>): string {
  const names = turnedAway.filter((it) => it !== '').map((it) => visible(it))
  const away = names.length > 0 ? [`alerts.names does not list ${names.join(', ')}`] : []
  const nameless = turnedAway.includes('') ? ['an alert has no label alertname'] : []
  const odd = unreadable > 0 ? [`${unreadable} alerts could not be parsed: each one needs labels`] : []
  const all = [...away, ...nameless, ...odd]
  return all.length === 0 ? 'it contains no alerts' : `none of these alerts is read: ${all.join('; ')}`
}

async function takeAll(options: WebhookOptions, id: string, alerts: readonly Alert[]): Promise<void> {
  const parts = Math.ceil(alerts.length / limits.record)
  for (let part = 0; part < parts; part++) {
    const own = alerts.slice(part * limits.record, (part + 1) * limits.record)
    await options.intake.save(`${id}-${part}`, own)
  }
}

/** Compares digests, so that neither time nor length reveals anything about a token. */
function isAllowed({ headers }: IncomingMessage, tokens: readonly Secret[]): boolean {
  const [, given = ''] = /^Bearer +([^\s]{1,1024})$/i.exec(headers.authorization ?? '') ?? []
  const digest = digestOf(given)
  return tokens.map((token) => timingSafeEqual(digestOf(token.reveal()), digest)).some((same) => same)
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** undefined: it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limits.body) return undefined
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > limits.body) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms)
  await Promise.race([work, promise]).finally(() => clearTimeout(timer))
}

function answer(
  { counted }: WebhookOptions,
  response: ServerResponse,
  status: number,
  outcome: WebhookOutcome,
  text: string,
  alerts = 0,
): void {
  counted(outcome, alerts)
  const last = status === 413 ? { connection: 'close' } : {} // the rest of the body is not read
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...last }).end(text)
}
