import { withLease } from '../../store/lease.ts'
import { knownNamespaces, matchAlerts } from '../alerts/match.ts'
import { type Alerts, alertRecords } from '../alerts/records.ts'
import type { Failure } from '../failure.ts'
import type { Incident } from '../incident.ts'
import type { IncidentWorld } from '../incident-world.ts'
import { belongsTo } from '../key.ts'
import type { WatchedCluster } from '../watched-cluster.ts'
import { type FirstLook, readFirstLook } from './first-look.ts'
import { openUnassigned } from './open-unassigned.ts'
import { answerOtherAlerts } from './other-alerts.ts'
import { type PodName, takeSnapshot } from './snapshot.ts'
import { updateIncident } from './update.ts'

/** Milliseconds until a pod that had pulled is asked for by name again. */
const askNamed = 5 * 60_000
/** Pods that alerts name, and that are not pending: asked for one by one. */
const mostNamed = 50

/**
 * Looks how a cluster is: whom the open incidents hurt now, what heals, what fails in another way; and what fails and is no
 * part of any, where an alert tells of it or a channel wants to know. One list of pending pods serves all of it. Comes back
 * by itself while an incident is open.
 */
export async function reconcileCluster(world: IncidentWorld, cluster: string, signal: AbortSignal): Promise<void> {
  const watched = world.clusters.get(cluster)
  if (!watched) return
  await withLease(world.store, `look ${cluster}`, async (lost) => {
    const [open, alerts, first] = await Promise.all([
      world.incidents.open(cluster),
      alertRecords(world.store).firing(cluster),
      readFirstLook(world, watched),
    ])
    const interest = open.length + alerts.length > 0 || first.isFirst || world.routes.tells(cluster, 'look')
    if (!interest) return
    let goesOn = true // also where the cluster does not answer
    try {
      const opened = await lookAt(world, watched, { open, alerts, first }, AbortSignal.any([signal, lost]))
      goesOn = open.length + opened > 0
    } finally {
      if (goesOn) await world.queue.add('look', cluster, { delay: world.pauses.look })
    }
  })
}

interface Known {
  readonly open: readonly Incident[]
  readonly alerts: readonly Alerts[]
  readonly first: FirstLook
}

/** The number of incidents that were opened. */
async function lookAt(
  world: IncidentWorld,
  watched: WatchedCluster,
  { open, alerts, first }: Known,
  signal: AbortSignal,
): Promise<number> {
  const now = world.now()
  const unseen = unseenOf(watched, alerts, now)
  const sight = await takeSnapshot(watched, [...open.flatMap(subjectPod), ...unseen.map(({ pod }) => pod)], now, signal)
  const told = matchAlerts(alerts, sight.failures, await knownNamespaces(watched, alerts, signal))
  const shares = share(open, sight.failures)
  for (const incident of open) {
    const failures = shares.get(incident.id) ?? []
    await updateIncident(world, watched, incident, { ...sight, failures, told }, signal)
  }
  const strays = await first.without(shares.get('') ?? [], { ...sight, told, open }, signal)
  const opened = await openUnassigned(world, watched, strays, { ...sight, told }, signal)
  const others = await answerOtherAlerts(world, unseen, sight)
  return opened + others
}

function subjectPod({ subject: { namespace, pod } }: Incident): readonly PodName[] {
  return pod ? [{ namespace, pod }] : []
}

export interface NamedPod {
  readonly pod: PodName
  readonly alerts: Alerts
}

/** Pods that alerts name, those that were not looked at lately. */
function unseenOf({ namespaces }: WatchedCluster, alerts: readonly Alerts[], now: Date): readonly NamedPod[] {
  const due = alerts.filter(({ looked }) => !looked || Math.abs(now.getTime() - Date.parse(looked)) >= askNamed)
  const named = due.flatMap((it) => (it.target.about === 'pod' ? [{ pod: it.target, alerts: it }] : []))
  return named.filter(({ pod }) => namespaces.length === 0 || namespaces.includes(pod.namespace)).slice(0, mostNamed)
}

/** Each failure is a part of one incident: the oldest that it belongs to. Under no name: those of none. */
function share(open: readonly Incident[], failures: readonly Failure[]): ReadonlyMap<string, readonly Failure[]> {
  return Map.groupBy(failures, (failure) => open.find((incident) => belongsTo(failure, incident))?.id ?? '')
}
