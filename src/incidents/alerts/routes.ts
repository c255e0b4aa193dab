import type { Alert } from './alert.ts'

/** What is to be told to somebody, and why. */
export interface Routed {
  readonly cluster: string
  readonly namespace: string
  /** An alert fires, or a post tells of it; or the cluster was looked at, once at the first start or again and again. */
  readonly by: 'alert' | 'post' | 'look' | 'start'
  /** Of an alert. */
  readonly severity?: Alert['severity']
  /** Of the alert and of the pod. */
  readonly labels: Readonly<Record<string, string>>
}

/** Which channels are told of what: from the configuration. */
export interface Routes {
  /** In the configuration's order. */
  channelsFor(of: Routed): readonly string[]
  /** Whether names of a namespace may be shown in a channel. */
  mayKnow(channel: string, namespace: string): boolean
  /** Whether somebody is told of that cluster by itself: through alerts, or because it is looked at. */
  tells(cluster: string, by: 'alerts' | 'look'): boolean
}
