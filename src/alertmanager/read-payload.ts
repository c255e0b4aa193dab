import { createHash } from 'node:crypto'
import type { Alert } from '../incidents/alert.ts'
import type { AlertRules } from './alert-rules.ts'
import { type Payload, type PayloadAlert, payloadAlert } from './payload.ts'
import { severityOf } from './severity-of.ts'
import { targetOfLabels } from './target-of-labels.ts'

export interface ReadPayload {
  readonly alerts: readonly Alert[]
  /** Alerts that were not understood. */
  readonly unreadable: number
}

/** Alerts of one delivery that are read one by one; more are as good as left out by Alertmanager itself. */
const mostAlerts = 10_000

/** The alerts of a delivery that could be about pulling images: those of the named rules. */
export function readPayload(payload: Payload, rules: AlertRules): ReadPayload {
  const all = payload.alerts.slice(0, mostAlerts).map(payloadAlert)
  const understood = all.filter((it) => it !== undefined)
  const own = understood.filter(({ labels }) => rules.names.has(labels.alertname ?? ''))
  const leftOut = payload.truncatedAlerts > 0 || payload.alerts.length > mostAlerts
  const rest = leftOut ? [restOf(payload, own, rules)].filter((it) => it !== undefined) : []
  return {
    alerts: [...own.map((it) => alertOf(it, rules)), ...rest],
    unreadable: all.length - understood.length,
  }
}

function alertOf({ status, labels, startsAt }: PayloadAlert, rules: AlertRules): Alert {
  return {
    name: labels.alertname ?? '',
    of: identityOf(labels),
    cluster: labels[rules.clusterLabel] ?? '',
    target: targetOfLabels(labels),
    firing: status === 'firing',
    since: new Date(startsAt).toISOString(),
    severity: severityOf(labels.severity),
    labels: Object.fromEntries(
      rules.labels.flatMap((name) => (labels[name] ? [[name, labels[name].slice(0, 253)]] : [])),
    ),
  }
}

/** What was left out is about anything that its group could be about: the cluster itself is asked. */
function restOf(
  { status, groupLabels, commonLabels }: Payload,
  own: readonly PayloadAlert[],
  rules: AlertRules,
): Alert | undefined {
  const labels = { ...commonLabels, ...groupLabels }
  const named = labels.alertname === undefined ? own.length > 0 : rules.names.has(labels.alertname)
  if (!named) return undefined
  const startsAt =
    own
      .map((it) => it.startsAt)
      .toSorted()
      .at(-1) ?? new Date(0).toISOString()
  const alertname = labels.alertname ?? own[0]?.labels.alertname ?? ''
  return alertOf({ status, startsAt, labels: { ...labels, alertname, left_out: 'true' } }, rules)
}

/** Of all labels, as Alertmanager tells alerts apart. */
function identityOf(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 22)
}
