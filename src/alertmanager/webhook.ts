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
  /** Told of every request. @param alerts Those that were kept. */
  readonly counted: (outcome: WebhookOutcome, alerts: number) => void
  /** Told of each rule whose alerts are not read. @param name Untrusted, at most 100 characters. */
  readonly turnedAway: (name: string) => void
  readonly now: () => Date
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

const limits = {
  /** Bytes: some ten thousand alerts. */
  body: 16 * 1_024 * 1_024,
  /** Requests that are read at a time: what they hold is in memory. */
  requests: 32,
  /** Alerts in one record. */
  record: 500,
  /** Milliseconds to write it down. */
  time: 5_000,
} as const

/** Where deliveries come in. Prometheus and vmalert, which are told of an Alertmanager there, post to its API. */
export function webhookRoutes(options: WebhookOptions): Readonly<Record<string, ReturnType<typeof webhook>>> {
  const route = webhook(options)
  return { 'POST /webhooks/alertmanager': route, 'POST /webhooks/alertmanager/api/v2/alerts': route }
}

/**
 * `POST /webhooks/alertmanager`. 200 when it is durable, 503 when that is not certain: Alertmanager tries again after 5xx
 * alone, so 429 is never said. https://github.com/prometheus/alertmanager/blob/main/notify/util.go
 */
export function webhook(given: WebhookOptions): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const options = { ...given, warn: warnOnce(given.warn, words.honorLabels) }
  let reading = 0
  return async (request, response) => {
    if (!isAllowed(request, options.tokens)) return answer(options, response, 401, 'unauthorised', words.unauthorised)
    if (reading >= limits.requests) return answer(options, response, 503, 'unavailable', 'busy, come back\n')
    reading += 1
    try {
      await take(options, request, response)
    } finally {
      reading -= 1
    }
  }
}

const words = {
  honorLabels: 'Prometheus scrapes kube-state-metrics without honorLabels: alerts may name its pod instead of theirs',
  unauthorised: 'Authorization: Bearer with one of ALERTMANAGER_WEBHOOK_TOKEN is needed\n',
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
    options.warn('a delivery of Alertmanager cannot be written down, and comes again', { error })
    return answer(options, response, 503, 'unavailable', 'cannot be written down now, come back\n')
  }
  answer(options, response, 200, 'taken', 'ok\n', alerts.length)
}

/** What an operator should know of a delivery that is taken all the same. */
function notice({ warn, turnedAway }: WebhookOptions, read: ReadPayload): void {
  if (read.unreadable > 0) warn('alerts of a delivery are not understood', { unreadable: read.unreadable })
  for (const name of read.turnedAway) turnedAway(name)
  if (read.lacksHonorLabels) warn(words.honorLabels, {})
}

/** Lets one message through only the first time: what it tells of goes on for as long as nobody changes the scrape. */
function warnOnce(warn: WebhookOptions['warn'], once: string): WebhookOptions['warn'] {
  let isTold = false
  return (message, fields) => {
    if (message === once && isTold) return
    isTold ||= message === once
    warn(message, fields)
  }
}

/** Why nothing of a delivery is kept, in one line. */
export function whyNothing({ unreadable, turnedAway }: Pick<ReadPayload, 'unreadable' | 'turnedAway'>): string {
  const names = turnedAway.filter((it) => it !== '').map((it) => visible(it))
  const away = names.length > 0 ? [`alerts.names does not list ${names.join(', ')}`] : []
  const nameless = turnedAway.includes('') ? ['an alert has no label alertname'] : []
  const odd = unreadable > 0 ? [`${unreadable} alerts are not understood: each needs labels`] : []
  const all = [...away, ...nameless, ...odd]
  return all.length === 0 ? 'it has no alerts' : `nothing of this is about pulling images: ${all.join('; ')}`
}

async function takeAll(options: WebhookOptions, id: string, alerts: readonly Alert[]): Promise<void> {
  const parts = Math.ceil(alerts.length / limits.record)
  for (let part = 0; part < parts; part++) {
    const own = alerts.slice(part * limits.record, (part + 1) * limits.record)
    await options.intake.save(`${id}-${part}`, own)
  }
}

/** Digests, so that neither the time nor the length tells anything of a token. */
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
  const last = status === 413 ? { connection: 'close' } : {} // what is left of the body is not read
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...last }).end(text)
}
