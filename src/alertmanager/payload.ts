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

/** A delivery, whoever sent it, in Alertmanager's own terms. */
interface Payload {
  readonly status: Status
  readonly alerts: readonly unknown[]
  readonly groupLabels: Readonly<Record<string, string>>
  /** Alerts that were left out, because of `max_alerts`. */
  readonly truncatedAlerts: number
}

export type ParsedPayload =
  | { readonly valid: true; readonly payload: Payload }
  /** `reason`: one line, for whoever set up the sender. */
  | { readonly valid: false; readonly reason: string }

/** A label that is no text is left out, and hides no other. `__proto__` is dropped: no Kubernetes name is called so. */
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

/** Alertmanager's delivery; a list of alerts, as Prometheus and vmalert send it to Alertmanager; or one of Grafana before 9. */
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

/** `up{namespace="shop", pod="web-1"}`, or the pairs alone. */
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
 * One alert of a delivery; undefined: it has no labels, so that it is about nothing. A status that is not known fires, and a
 * date that is none is that of its arrival: an alert is rather told twice than lost.
 */
function payloadAlert(of: unknown, now: Date): PayloadAlert | undefined {
  const parsed = alert.safeParse(of)
  if (!parsed.success || Object.keys(parsed.data.labels).length === 0) return undefined
  const { status, startsAt, endsAt } = parsed.data
  const began = timeOf(startsAt) ?? now
  const ended = timeOf(endsAt)
  // Prometheus and vmalert tell no status: what is over has an end that lies behind.
  const over = status === undefined && ended !== undefined && ended <= now && ended >= began
  const said = typeof status === 'string' ? statusOfWord(status) : undefined
  return { status: said ?? (over ? 'resolved' : 'firing'), labels: parsed.data.labels, startsAt: began.toISOString() }
}

/** Years of four digits, behind 1970: others are no time that an alert can have. */
function timeOf(text: unknown): Date | undefined {
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN
  return at > 0 && at < Date.UTC(9999, 0) ? new Date(at) : undefined
}

export interface ReadPayload {
  readonly alerts: readonly Alert[]
  /** Alerts that were not understood. */
  readonly unreadable: number
  /** Names of the rules whose alerts are not read, each once. */
  readonly turnedAway: readonly string[]
  /** Whether it shows that Prometheus scrapes kube-state-metrics without `honorLabels`. */
  readonly lacksHonorLabels: boolean
}

/** Alerts of one delivery that are read one by one; more are as good as left out by Alertmanager itself. */
const mostAlerts = 10_000
/** Names that are told of, and the characters of each. */
const turnedAway = { names: 20, characters: 100 } as const

/** The alerts of a delivery that could be about pulling images. @param now When it arrived. */
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

/** Those by which channels are chosen. */
function routed(labels: Labels, { labels: names }: AlertRules): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = labelValue(labels, name)
      return value ? [[name, value.slice(0, 253)]] : []
    }),
  )
}

/**
 * What was left out is about anything that its group could be about: the cluster itself is asked. Alertmanager makes
 * `commonLabels` after it left out, so that those are of what it kept.
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

/** Of all labels, as Alertmanager tells alerts apart. */
function identityOf(labels: Labels): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 22)
}

/** Who sends bodies of its own form, and a field that only its bodies have. */
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
  'imagepull takes what Alertmanager posts to a webhook: {"alerts": [{"status", "labels": {"alertname", "namespace", "pod"}, "startsAt"}]}'

/** What is missing in a body that is not taken, in one line. */
function senderOf(body: unknown): string {
  if (body === undefined) return `this is not JSON; ${expected}`
  if (typeof body !== 'object' || body === null) return `this is no JSON object; ${expected}`
  if ('alerts' in body) return `"alerts" is not a list; ${expected}`
  const sender = senders.find(([, fields]) => fields.every((field) => Object.hasOwn(body, field)))?.[0]
  const own = sender ? `this looks like a body of ${sender}: "alerts" is missing` : '"alerts" is missing'
  return `${own}; ${expected}. Send these alerts through an Alertmanager, or through a template that makes this form.`
}
