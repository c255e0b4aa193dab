import type { Failure } from '../failure.ts'
import type { IncidentWorld } from '../incident-world.ts'
import type { AlertPost } from './alert.ts'
import { type Alerts, stillFiring } from './records.ts'
import type { Routed } from './routes.ts'

export interface Notifications {
  /** Alerts that fire for these failures. */
  readonly firing: number
  /** Posts that tell of them, the oldest first, where they may be answered. */
  readonly posts: readonly AlertPost[]
  /** Channels that are told because of an alert or a look, in the configuration's order. */
  readonly channels: readonly string[]
}

interface Seen {
  readonly told: ReadonlyMap<Failure, readonly Alerts[]>
  readonly labels: ReadonlyMap<string, Readonly<Record<string, string>>>
}

/** Who is told of failures by itself. */
export function findNotifications(
  { routes }: Pick<IncidentWorld, 'routes'>,
  cluster: string,
  failures: readonly Failure[],
  { told, labels }: Seen,
): Notifications {
  const firing = new Set<string>()
  const posts = new Map<string, AlertPost>()
  const channels = new Set<string>()
  for (const failure of failures) {
    const { namespace, uid } = failure
    const of: Omit<Routed, 'by'> = { cluster, namespace, labels: labels.get(uid) ?? {} }
    for (const channel of routes.channelsFor({ ...of, by: 'look' })) channels.add(channel)
    for (const alerts of told.get(failure) ?? []) {
      const answered = new Set(routes.channelsFor({ ...of, by: 'post' }))
      for (const alert of stillFiring(alerts)) {
        firing.add(alert.of)
        const { post } = alert
        if (post && answered.has(post.channel)) posts.set(`${post.channel} ${post.ts}`, post)
        if (post) continue
        const labelled = { ...of, labels: { ...of.labels, ...alert.labels }, severity: alert.severity }
        for (const channel of routes.channelsFor({ ...labelled, by: 'alert' })) channels.add(channel)
      }
    }
  }
  return {
    firing: firing.size,
    posts: [...posts.values()].toSorted((a, b) => Number(a.ts) - Number(b.ts)),
    channels: [...channels],
  }
}
