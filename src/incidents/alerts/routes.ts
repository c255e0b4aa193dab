import type { Alert } from './alert.ts'

/** A failure of which channels may be notified, and the reason. */
export interface Notice {
  readonly cluster: string
  readonly namespace: string
  /**
   * `alert`: an alert fires. `post`: another bot's post reports it. `look`: reconciling the cluster found it. `start`: the first
   * reconciliation of the cluster found it.
   */
  readonly by: 'alert' | 'post' | 'look' | 'start'
  /** The alert's severity. */
  readonly severity?: Alert['severity']
  /** The labels of the alert and of the pod. */
  readonly labels: Readonly<Record<string, string>>
}

/** Which channels are notified of what, from the configuration. */
export interface Routes {
  /** Lists the channels for a notice, in the configuration's order. */
  channelsFor(notice: Notice): readonly string[]
  /** Tells whether a channel may show names of a namespace. */
  mayKnow(channel: string, namespace: string): boolean
  /** Tells whether some channel is notified of that cluster: because of alerts, or because it is reconciled regularly. */
  isNotified(cluster: string, by: 'alerts' | 'look'): boolean
}
