import type { Store } from '../../store/store.ts'
import type { Routes } from '../alerts/routes.ts'
import { findNotifications, type Notifications } from '../alerts/routing.ts'
import type { Failure } from '../failure.ts'
import { toSubjectKey, toSubjectKind } from '../key.ts'
import { isMuted } from '../mute.ts'
import type { IncidentOpener } from '../open.ts'
import type { WatchedCluster } from '../watched-cluster.ts'
import type { MatchedSnapshot } from './snapshot.ts'
import type { UpdateIncident } from './update.ts'

export interface UnassignedOptions {
  readonly store: Store
  readonly routes: Routes
  readonly opener: Pick<IncidentOpener, 'openUnasked'>
  readonly update: UpdateIncident
  readonly now: () => Date
}

/**
 * Opens incidents for failures that are a part of none, if a channel is notified of them: one incident for all failures that
 * are about the same thing. Returns their number. It is safe to run again.
 */
export async function openUnassigned(
  options: UnassignedOptions,
  watched: WatchedCluster,
  unassigned: readonly Failure[],
  snapshot: MatchedSnapshot,
  signal: AbortSignal,
): Promise<number> {
  const { routes, opener, update } = options
  const notified = await withoutMuted(options, watched.name, unassigned)
  const groups = Map.groupBy(notified, (failure) => toSubjectKey(toSubjectKind(undefined, failure.at), failure))
  let opened = 0
  for (const failures of groups.values()) {
    const notifications = findNotifications(routes, watched.name, failures, snapshot)
    const channel = chooseChannel(routes, failures, notifications)
    const failure = failures.find(({ namespace }) => channel && routes.mayKnow(channel, namespace))
    if (!channel || !failure) continue
    const incident = await opener.openUnasked(channel, failure, notifications)
    // The first message says who is affected, so they are counted before it.
    await update(watched, incident, { ...snapshot, failures }, signal)
    opened += 1
  }
  return opened
}

/** A muted workload opens no incident. It still counts in an incident of other workloads. */
async function withoutMuted(
  { store, now }: Pick<UnassignedOptions, 'store' | 'now'>,
  cluster: string,
  failures: readonly Failure[],
): Promise<readonly Failure[]> {
  const keys = [...new Set(failures.map(({ workload }) => workload.key))]
  const answers = await Promise.all(keys.map((key) => isMuted(store, { cluster, key }, now())))
  const muted = new Set(keys.filter((_key, index) => answers[index]))
  return failures.filter(({ workload }) => !muted.has(workload.key))
}

/** Chooses the channel of the oldest post. Without a post, it chooses the channel that may know of most of the failures. */
function chooseChannel(
  routes: Pick<Routes, 'mayKnow'>,
  failures: readonly Failure[],
  { posts, channels }: Notifications,
): string | undefined {
  const [post] = posts
  if (post) return post.channel
  const known = channels.map((channel) => ({
    channel,
    count: failures.filter(({ namespace }) => routes.mayKnow(channel, namespace)).length,
  }))
  return known.toSorted((a, b) => b.count - a.count)[0]?.channel
}
