import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Alert, alertSchema } from '../incidents/alerts/alert.ts'
import { type Status, statusOfWord } from './alert-status.ts'
import { severityOf } from './labels.ts'
import {
  type AlertRules,
  clusterOfLabels,
  isNamed,
  isRead,
  type Labels,
  labelValue,
  lacksHonorLabels,
  targetOfLabels,
} from './rules.ts'

interface PayloadAlert {
  readonly status: Status
  readonly labels: Readonly<Record<string, string>>
  /** RFC 3339. */
  readonly startsAt: string
}

/** A delivery of any sender, in Alertmanager's terms. */
interface Payload {
  readonly status: Status
  readonly alerts: readonly unknown[]
  readonly groupLabels: Readonly<Record<string, string>>
  /** The number of alerts that `max_alerts` left out. */
  readonly truncatedAlerts: number
}

export type ParsedPayload =
  | { readonly valid: true; readonly payload: Payload }
  /** `reason`: one line for the person who set up the sender. */
  | { readonly valid: false; readonly reason: string }

/**
 * Drops labels whose value is not a scalar, and keeps the others. `__proto__` is dropped, because no Kubernetes object has
 * that name.
 */
const labels = z
  .record(z.string(), z.unknown())
  .transform((of) =>
    Object.fromEntries(Object.entries(of).flatMap(([name, value]) => (isScalar(value) ? [[name, String(value)]] : []))),
  )

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

/** https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const delivery = z.object({
  status: z.string().catch(''),
  alerts: z.array(z.unknown()),
  groupLabels: labels.catch({}),
  truncatedAlerts: z.number().catch(0),
})

/** https://grafana.com/docs/grafana/v8.5/alerting/old-alerting/notifications/#webhook */
const legacyGrafana = z.object({
  ruleName: z.string(),
  state: z.string(),
  tags: labels.catch({}),
  evalMatches: z
    .array(z.object({ metric: z.string().catch(''), tags: labels.nullish().catch({}) }).catch({ metric: '' }))
    .nullish()
    .catch([]),
})

/** Parses a delivery of Alertmanager, a list of alerts from Prometheus or vmalert, or a delivery of Grafana before 9. */
export function parsePayload(body: unknown): ParsedPayload {
  if (Array.isArray(body)) return valid({ status: 'firing', alerts: body, groupLabels: {}, truncatedAlerts: 0 })
  const whole = delivery.safeParse(body)
  if (whole.success) return valid({ ...whole.data, status: statusOfWord(whole.data.status) ?? 'firing' })
  const legacy = legacyGrafana.safeParse(body)
  if (legacy.success) return valid(ofLegacyGrafana(legacy.data))
  return { valid: false, reason: senderOf(body) }
}

function valid(payload: Payload): ParsedPayload {
  return { valid: true, payload }
}

function ofLegacyGrafana({ ruleName, state, tags, evalMatches }: z.infer<typeof legacyGrafana>): Payload {
  const status = statusOfWord(state) ?? 'firing'
  const rule = { ...tags, alertname: ruleName }
  const series = (evalMatches ?? []).map((it) => ({
    ...labelsOfMetric(it.metric),
    ...('tags' in it ? it.tags : {}),
    ...rule,
  }))
  const all = series.length > 0 ? series : [rule]
  return { status, alerts: all.map((of) => ({ status, labels: of })), groupLabels: {}, truncatedAlerts: 0 }
}

/** Reads the labels of `up{namespace="shop", pod="web-1"}`, or of the pairs alone. */
function labelsOfMetric(metric: string): Readonly<Record<string, string>> {
  const pairs = metric.slice(0, 4_000).matchAll(/\b([a-z_]\w{0,99})\s?[=:]\s?"?([\w./:-]{1,253})/gi)
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value]))
}

const alert = z.object({
  status: z.unknown().optional(),
  labels,
  startsAt: z.unknown().optional(),
  endsAt: z.unknown().optional(),
})

/**
 * Reads one alert of a delivery. undefined: it has no labels, so it is about nothing. An unknown status counts as firing, and
 * an invalid date becomes the time of arrival: reporting an alert twice is better than losing it.
 */
function payloadAlert(of: unknown, now: Date): PayloadAlert | undefined {
  const parsed = alert.safeParse(of)
  if (!parsed.success || Object.keys(parsed.data.labels).length === 0) return undefined
  const { status, startsAt, endsAt } = parsed.data
  const began = timeOf(startsAt) ?? now
  const ended = timeOf(endsAt)
  // Prometheus and vmalert send no status. An alert that is over has an end in the past.
  const over = status === undefined && ended !== undefined && ended <= now && ended >= began
  const said = typeof status === 'string' ? statusOfWord(status) : undefined
  return { status: said ?? (over ? 'resolved' : 'firing'), labels: parsed.data.labels, startsAt: began.toISOString() }
}

/** Parses a time between 1970 and the year 9999. Other times are invalid for an alert. */
function timeOf(text: unknown): Date | undefined {
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN
  return at > 0 && at < Date.UTC(9999, 0) ? new Date(at) : undefined
}

export interface ReadPayload {
  readonly alerts: readonly Alert[]
  /** The number of alerts that could not be parsed. */
  readonly unreadable: number
  /** Names of the rules whose alerts are ignored, each once. */
  readonly turnedAway: readonly string[]
  /** Whether it shows that Prometheus scrapes kube-state-metrics without `honorLabels`. */
  readonly lacksHonorLabels: boolean
}

/** Alerts of one delivery that are read. Further ones are treated as if Alertmanager had left them out. */
const mostAlerts = 10_000
/** The number of ignored names that are reported, and the characters of each. */
const turnedAway = { names: 20, characters: 100 } as const

/** Reads the alerts of a delivery that may be about image pulls. @param now The time of arrival. */
export function readPayload(payload: Payload, rules: AlertRules, now: Date): ReadPayload {
  const all = payload.alerts.slice(0, mostAlerts).map((it) => payloadAlert(it, now))
  const understood = all.filter((it) => it !== undefined)
  const sorted = Map.groupBy(understood, ({ labels }) => isRead(labels, rules))
  const own = sorted.get(true) ?? []
  const leftOut = payload.truncatedAlerts > 0 || payload.alerts.length > mostAlerts
  const rest = leftOut ? [restOf(payload, own, rules, now)].filter((it) => it !== undefined) : []
  const read = [...own.map((it) => alertOf(it, rules)), ...rest].map((it) => alertSchema.safeParse(it))
  const alerts = read.flatMap((it) => (it.success ? [it.data] : []))
  return {
    alerts,
    unreadable: all.length - understood.length + read.length - alerts.length,
    turnedAway: namesOf(sorted.get(false) ?? []),
    lacksHonorLabels: own.some(({ labels }) => lacksHonorLabels(labels)),
  }
}

function namesOf(alerts: readonly PayloadAlert[]): readonly string[] {
  const names = new Set<string>()
  for (const { labels } of alerts) {
    if (names.size >= turnedAway.names) break
    names.add((labelValue(labels, 'alertname') ?? '').slice(0, turnedAway.characters))
  }
  return [...names]
}

function alertOf({ status, labels, startsAt }: PayloadAlert, rules: AlertRules): Alert {
  return {
    name: (labelValue(labels, 'alertname') ?? '').slice(0, 253),
    of: identityOf(labels),
    cluster: clusterOfLabels(labels, rules.clusterLabel, rules.clusters),
    target: targetOfLabels(labels),
    firing: status === 'firing',
    since: startsAt,
    severity: severityOf(labelValue(labels, 'severity') ?? labelValue(labels, 'priority')),
    labels: routed(labels, rules),
  }
}

/** Keeps the labels by which channels are chosen. */
function routed(labels: Labels, { labels: names }: AlertRules): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = labelValue(labels, name)
      return value ? [[name, value.slice(0, 253)]] : []
    }),
  )
}

/**
 * Makes one alert for all alerts that were left out. It is about everything that the group may be about, so the cluster is
 * asked. `commonLabels` are not used, because Alertmanager computes them after it left alerts out.
 * https://github.com/prometheus/alertmanager/blob/main/notify/webhook/webhook.go
 */
function restOf(
  { status, groupLabels }: Payload,
  own: readonly PayloadAlert[],
  rules: AlertRules,
  now: Date,
): Alert | undefined {
  const name = labelValue(groupLabels, 'alertname')
  const named = name === undefined ? own.length > 0 : isNamed(name, rules) || own.length > 0
  if (!named) return undefined
  const startsAt =
    own
      .map((it) => it.startsAt)
      .toSorted()
      .at(-1) ?? now.toISOString()
  const alertname = name ?? labelValue(own[0]?.labels ?? {}, 'alertname') ?? ''
  return alertOf({ status, startsAt, labels: { ...groupLabels, alertname, left_out: 'true' } }, rules)
}

/** Makes an identity from all labels, as Alertmanager does. */
function identityOf(labels: Labels): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 22)
}

/** Senders with their own format, and the fields that only their bodies have. */
const senders: readonly (readonly [name: string, fields: readonly string[]])[] = [
  ['Amazon SNS', ['TopicArn', 'Message']],
  ['Amazon SNS', ['TopicArn', 'SubscribeURL']],
  ['Google Cloud Monitoring', ['incident', 'version']],
  ['Azure Monitor', ['schemaId', 'data']],
  ['PagerDuty', ['event']],
  ['PagerDuty', ['routing_key', 'event_action']],
  ['Opsgenie', ['action', 'alert']],
  ['Datadog', ['alert_type']],
  ['Datadog', ['event_type', 'org']],
  ['Slack', ['attachments']],
  ['Slack', ['blocks']],
  ['Sentry', ['action', 'installation']],
  ['New Relic', ['issueUrl']],
]

const expected =
  'imagepull expects the webhook format of Alertmanager: {"alerts": [{"status", "labels": {"alertname", "namespace", "pod"}, "startsAt"}]}'

/** Says in one line why a body is refused. */
function senderOf(body: unknown): string {
  if (body === undefined) return `the body is not JSON; ${expected}`
  if (typeof body !== 'object' || body === null) return `the body is not a JSON object; ${expected}`
  if ('alerts' in body) return `"alerts" is not a list; ${expected}`
  const sender = senders.find(([, fields]) => fields.every((field) => Object.hasOwn(body, field)))?.[0]
  const own = sender ? `this looks like a delivery of ${sender}: "alerts" is missing` : '"alerts" is missing'
  return `${own}; ${expected}. Send these alerts through an Alertmanager, or through a template that produces this format.`
}
