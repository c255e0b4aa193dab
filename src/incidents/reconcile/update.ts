import type { Alerts } from '../alerts/records.ts'
import { findNotifications } from '../alerts/routing.ts'
import type { Failure } from '../failure.ts'
import { countAffected, workloadObjects } from '../impact.ts'
import type { Incident } from '../incident.ts'
import type { IncidentWorld } from '../incident-world.ts'
import { isOver, transition } from '../transition.ts'
import type { WatchedCluster } from '../watched-cluster.ts'
import { type ClusterSnapshot, findSilentFailures } from './snapshot.ts'

interface Seen extends ClusterSnapshot {
  /** Those of the incident. */
  readonly failures: readonly Failure[]
  readonly told: ReadonlyMap<Failure, readonly Alerts[]>
}

/** Brings an open incident up to date with what a look saw of it. */
export async function updateIncident(
  world: IncidentWorld,
  { name, cluster }: WatchedCluster,
  incident: Incident,
  sight: Seen,
  signal: AbortSignal,
): Promise<void> {
  const seen = { ...sight, failures: [...sight.failures, ...findSilentFailures(incident, sight)] }
  const failing = seen.failures.map(({ namespace, workload }) => ({ namespace, ...workload }))
  const names = [...incident.affected.workloads, ...failing]
  const distinct = [...new Map(names.map((it) => [`${it.namespace}/${it.kind}/${it.name}`, it])).values()]
  const objects = await workloadObjects(cluster, distinct, signal)
  const now = world.now()
  const at = now.toISOString()
  const tellings = findNotifications(world, name, seen.failures, seen)
  const after = await world.incidents.change(incident.id, (before) => {
    if (isOver(before)) return before
    const affected = countAffected(before.affected, { ...seen, objects, now, proven: world.pauses.proven })
    const subject = nextSubject(before, seen.failures)
    const counted = transition(unmuted(before, now), { what: 'counted', at, affected, ...(subject && { subject }) })
    return transition(counted, { what: 'heard', at, ...tellings })
  })
  await world.queue.add('sync-thread', incident.id)
  const moved = after?.subject.uid !== incident.subject.uid
  if (after && (moved || wantsCheck(after, seen.failures, now, world.pauses.diagnosis)))
    await world.queue.add('investigate', incident.id)
}

function unmuted(before: Incident, now: Date): Incident {
  const { muted, ...rest } = before
  return muted && Date.parse(muted.until) <= now.getTime() ? rest : before
}

/** While another workload fails, there is no use in looking at one that does not. */
function nextSubject({ subject }: Incident, failures: readonly Failure[]): Failure | undefined {
  const still = failures.some(({ workload }) => workload.key === subject.workload.key)
  return still ? undefined : failures[0]
}

/** A fresh check is due: nothing fails any more, something fails otherwise, or the last one is old. */
function wantsCheck(incident: Incident, failures: readonly Failure[], now: Date, old: number): boolean {
  if (isOver(incident) || incident.check.state === 'running') return false
  if (incident.check.state === 'waiting') return true // whoever began it may have been killed before it asked for that
  const { workloads } = incident.affected
  const open = workloads.some(({ state }) => state === 'failing' || state === 'recovering')
  if (!open) return true
  const own = failures.find(({ uid }) => uid === incident.subject.uid)
  if (own && own.at !== 'nowhere' && own.at !== incident.place) return true
  return now.getTime() - Date.parse(incident.checkedAt ?? incident.openedAt) >= old
}
