import type { Failure } from '../failure.ts'
import type { AlertPost } from './alert.ts'
import type { AlertMatches } from './match.ts'
import { stillFiring } from './records.ts'
import type { Notice, Routes } from './routes.ts'

export interface Notifications {
  /** The number of alerts that fire for these failures. */
  readonly firing: number
  /** The posts that report them and that may be answered, the oldest first. */
  readonly posts: readonly AlertPost[]
  /** The channels that are notified because of an alert or a reconciliation, in the configuration's order. */
  readonly channels: readonly string[]
}

/** The alerts of each failure, and the labels of each failing pod by its uid. */
export interface MatchedFailures {
  readonly alerts: AlertMatches
  readonly labels: ReadonlyMap<string, Readonly<Record<string, string>>>
}

/** Finds the posts and channels in which failures are announced without a question. */
export function findNotifications(
  routes: Pick<Routes, 'channelsFor'>,
  cluster: string,
  failures: readonly Failure[],
  { alerts, labels }: MatchedFailures,
): Notifications {
  const firing = new Set<string>()
  const posts = new Map<string, AlertPost>()
  const channels = new Set<string>()
  for (const failure of failures) {
    const { namespace, uid } = failure
    const notice: Omit<Notice, 'by'> = { cluster, namespace, labels: labels.get(uid) ?? {} }
    const answered = new Set(routes.channelsFor({ ...notice, by: 'post' }))
    for (const channel of routes.channelsFor({ ...notice, by: 'look' })) channels.add(channel)
    for (const alert of (alerts.get(failure) ?? []).flatMap(stillFiring)) {
      firing.add(alert.of)
      const { post, severity } = alert
      if (post && answered.has(post.channel)) posts.set(`${post.channel} ${post.ts}`, post)
      if (post) continue
      const all = { ...notice.labels, ...alert.labels }
      for (const channel of routes.channelsFor({ ...notice, labels: all, severity, by: 'alert' })) channels.add(channel)
    }
  }
  return {
    firing: firing.size,
    posts: [...posts.values()].toSorted((a, b) => Number(a.ts) - Number(b.ts)),
    channels: [...channels],
  }
}
