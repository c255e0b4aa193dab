import type { AlertPost } from '../alerts/alert.ts'
import type { Alerts } from '../alerts/records.ts'
import { findNotifications, type Notifications } from '../alerts/routing.ts'
import type { Failure } from '../failure.ts'
import type { Incident } from '../incident.ts'
import type { IncidentWorld } from '../incident-world.ts'
import { toSubjectKey, toSubjectKind } from '../key.ts'
import { isMuted } from '../mute.ts'
import { openIncident } from '../open.ts'
import { transition } from '../transition.ts'
import type { WatchedCluster } from '../watched-cluster.ts'
import type { ClusterSnapshot } from './snapshot.ts'
import { updateIncident } from './update.ts'

interface Seen extends ClusterSnapshot {
  readonly told: ReadonlyMap<Failure, readonly Alerts[]>
}

/**
 * Failures that are a part of no open incident become incidents, where somebody is told of them: one for all that are about
 * the same. Comes back with their number. Safe to run again.
 */
export async function openUnassigned(
  world: IncidentWorld,
  watched: WatchedCluster,
  strays: readonly Failure[],
  seen: Seen,
  signal: AbortSignal,
): Promise<number> {
  const heard = await unmuted(world, watched.name, strays)
  const groups = Map.groupBy(heard, (failure) => toSubjectKey(toSubjectKind(undefined, failure.at), failure))
  let opened = 0
  for (const failures of groups.values()) {
    const tellings = findNotifications(world, watched.name, failures, seen)
    const channel = homeOf(world, failures, tellings)
    const failure = failures.find(({ namespace }) => channel && world.routes.mayKnow(channel, namespace))
    if (!channel || !failure) continue
    const incident = await openUnasked(world, channel, failure, tellings)
    // Counted before the first word, which tells whom it hurts.
    await updateIncident(world, watched, incident, { ...seen, failures }, signal)
    opened += 1
  }
  return opened
}

/** A workload of which nobody wants to be told begins nothing. It is still counted where others fail with it. */
async function unmuted(
  { store, now }: IncidentWorld,
  cluster: string,
  strays: readonly Failure[],
): Promise<readonly Failure[]> {
  const keys = [...new Set(strays.map(({ workload }) => workload.key))]
  const silent = await Promise.all(keys.map((key) => isMuted(store, { cluster, key }, now())))
  const muted = new Set(keys.filter((_key, index) => silent[index]))
  return strays.filter(({ workload }) => !muted.has(workload.key))
}

/** Under the oldest post that tells of it; else the channel that may know of the most of it. */
function homeOf(
  { routes }: IncidentWorld,
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

/** Opens an incident that nobody asked for, and has it checked. */
export async function openUnasked(
  world: IncidentWorld,
  channel: string,
  failure: Failure,
  {
    firing,
    posts,
    channels,
  }: { readonly firing: number; readonly posts: readonly AlertPost[]; readonly channels: readonly string[] },
): Promise<Incident> {
  const incident = await openIncident(world, { id: world.newId(), channel, failure, unasked: true })
  const at = world.now().toISOString()
  await world.incidents.change(incident.id, (before) =>
    transition(before, { what: 'heard', at, firing, posts, channels }),
  )
  await world.queue.add('sync-thread', incident.id)
  await world.queue.add('investigate', incident.id)
  return incident
}
