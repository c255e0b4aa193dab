import type { StormPod } from './sample/storm.ts'

interface Webhook {
  readonly port: number
  readonly token: string
}

/** Alerts that Alertmanager sends at a time. */
const group = 20

/** Tells the bot what Alertmanager would: an alert for each pod, in groups. Throws where one is not taken. */
export async function tellAlerts(
  { port, token }: Webhook,
  pods: readonly StormPod[],
  status: 'firing' | 'resolved',
): Promise<void> {
  const startsAt = new Date().toISOString()
  const alerts = pods.map(({ namespace, pod }) => ({
    status,
    labels: { alertname: 'KubePodNotReady', namespace, pod, severity: 'warning' },
    startsAt,
  }))
  for (let at = 0; at < alerts.length; at += group) {
    const response = await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ version: '4', status, alerts: alerts.slice(at, at + group), truncatedAlerts: 0 }),
    })
    await response.text()
    if (!response.ok) throw new Error(`the webhook answers ${response.status}`)
  }
}
