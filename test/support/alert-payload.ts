export interface PayloadAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly status?: 'firing' | 'resolved'
  readonly startsAt?: string
}

/** The default of `startsAt`. */
export const firedAt = '2026-11-24T03:13:00.043812086Z'

/** What Alertmanager 0.25 posts to a webhook, as it was recorded from one. */
export function payloadOf(alerts: readonly PayloadAlert[], more: object = {}): object {
  const all = alerts.map(({ labels, status = 'firing', startsAt = firedAt }) => ({
    status,
    labels,
    annotations: { summary: 'Pod has been in a non-ready state for more than 15 minutes.' },
    startsAt,
    endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : new Date().toISOString(),
    generatorURL: 'http://prometheus.example/graph?g0.expr=up',
    fingerprint: '066e9ba81b9ab9bb',
  }))
  return {
    receiver: 'bot',
    status: all.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    alerts: all,
    groupLabels: { alertname: alerts[0]?.labels.alertname ?? '' },
    commonLabels: { alertname: alerts[0]?.labels.alertname ?? '' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example:9093',
    version: '4',
    groupKey: '{}:{alertname="KubePodNotReady"}',
    truncatedAlerts: 0,
    ...more,
  }
}

export function podNotReady(
  pod: string,
  of: { readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> } & Omit<
    PayloadAlert,
    'labels'
  > = {},
): PayloadAlert {
  const { namespace = 'shop', labels, ...more } = of
  return { labels: { alertname: 'KubePodNotReady', namespace, pod, severity: 'warning', ...labels }, ...more }
}
