import { createHash } from 'node:crypto'
import { type Alert, alertSchema } from '../incidents/alert.ts'
import { type AlertRules, isNamed, isRead } from './alert-rules.ts'
import { type Payload, type PayloadAlert, payloadAlert } from './payload.ts'
import { severityOf } from './severity-of.ts'
import { clusterOfLabels, type Labels, labelValue, lacksHonorLabels, targetOfLabels } from './target-of-labels.ts'

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
