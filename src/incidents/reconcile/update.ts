import type { Queue } from '../../queue/queue.ts'
import type { Routes } from '../alerts/routes.ts'
import { findNotifications } from '../alerts/routing.ts'
import type { Failure } from '../failure.ts'
import { countAffected, workloadObjects } from '../impact.ts'
import type { Incident } from '../incident.ts'
import type { IncidentRecords } from '../records.ts'
import type { IncidentSettings } from '../settings.ts'
import { isOver, transition } from '../transition.ts'
import type { WatchedCluster } from '../watched-cluster.ts'
import { findSilentFailures, type MatchedSnapshot } from './snapshot.ts'

export interface UpdateOptions {
  readonly incidents: IncidentRecords
  readonly queue: Pick<Queue, 'add'>
  readonly routes: Pick<Routes, 'channelsFor'>
  readonly settings: Pick<IncidentSettings, 'stable' | 'recheck'>
  readonly now: () => Date
}

/**
 * Brings an open incident up to date with a snapshot of its cluster, and enqueues a check if one is due. Throws ClusterError,
 * StoreError, QueueError. @param snapshot Its `failures` are those of this incident.
 */
export type UpdateIncident = (
  watched: WatchedCluster,
  incident: Incident,
  snapshot: MatchedSnapshot,
  signal: AbortSignal,
) => Promise<void>

export function createIncidentUpdate({
  incidents,
  queue,
  routes,
  settings,
  now: clock,
}: UpdateOptions): UpdateIncident {
  return async ({ name, cluster }, incident, snapshot, signal) => {
    const seen = { ...snapshot, failures: [...snapshot.failures, ...findSilentFailures(incident, snapshot)] }
    const failing = seen.failures.map(({ namespace, workload }) => ({ namespace, ...workload }))
    const names = [...incident.affected.workloads, ...failing]
    const distinct = [...new Map(names.map((it) => [`${it.namespace}/${it.kind}/${it.name}`, it])).values()]
    const objects = await workloadObjects(cluster, distinct, signal)
    const now = clock()
    const at = now.toISOString()
    const notifications = findNotifications(routes, name, seen.failures, seen)
    const after = await incidents.change(incident.id, (before) => {
      if (isOver(before)) return before
      const affected = countAffected(before.affected, { ...seen, objects, now, stable: settings.stable })
      const subject = nextSubject(before, seen.failures)
      const event = { what: 'counted', at, affected, ...(subject && { subject }) } as const
      const counted = transition(withoutOldMute(before, now), event)
      return transition(counted, { what: 'alerts-changed', at, ...notifications })
    })
    await queue.add('sync-thread', incident.id)
    const moved = after?.subject.uid !== incident.subject.uid
    if (after && (moved || isCheckDue(after, seen.failures, now, settings.recheck)))
      await queue.add('investigate', incident.id)
  }
}

function withoutOldMute(before: Incident, now: Date): Incident {
  const { muted, ...rest } = before
  return muted && Date.parse(muted.until) <= now.getTime() ? rest : before
}

/** While another workload fails, checking one that does not fail is of no use. */
function nextSubject({ subject }: Incident, failures: readonly Failure[]): Failure | undefined {
  const still = failures.some(({ workload }) => workload.key === subject.workload.key)
  return still ? undefined : failures[0]
}

/** Tells whether a check is due: nothing fails any more, something fails in another way, or the last check is old. */
function isCheckDue(incident: Incident, failures: readonly Failure[], now: Date, recheck: number): boolean {
  if (isOver(incident) || incident.check.state === 'running') return false
  if (incident.check.state === 'waiting') return true // the process may have been killed before it enqueued the check
  const { workloads } = incident.affected
  const open = workloads.some(({ state }) => state === 'failing' || state === 'recovering')
  if (!open) return true
  const own = failures.find(({ uid }) => uid === incident.subject.uid)
  if (own && own.at !== 'nowhere' && own.at !== incident.place) return true
  return now.getTime() - Date.parse(incident.checkedAt ?? incident.openedAt) >= recheck
}
