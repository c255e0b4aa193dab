import { z } from 'zod'

const labels = z.record(z.string(), z.string())

const alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels,
  /** RFC 3339, with up to nine digits of a second. */
  startsAt: z.string(),
})
export type PayloadAlert = z.infer<typeof alert>

/**
 * What Alertmanager posts to a webhook; each alert is parsed for itself, so that one which is not understood hides no other.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export const payloadSchema = z.object({
  status: z.enum(['firing', 'resolved']).default('firing'),
  alerts: z.array(z.unknown()),
  groupLabels: labels.catch({}),
  commonLabels: labels.catch({}),
  /** Alerts that were left out, because of `max_alerts`. */
  truncatedAlerts: z.number().catch(0),
})
export type Payload = z.infer<typeof payloadSchema>

/** undefined: it is not understood. */
export function payloadAlert(of: unknown): PayloadAlert | undefined {
  const parsed = alert.safeParse(of)
  return parsed.success && Number.isFinite(Date.parse(parsed.data.startsAt)) ? parsed.data : undefined
}
