import type { Queue } from '../../queue/queue.ts'
import { withLease } from '../../store/lease.ts'
import type { Store } from '../../store/store.ts'
import { knownNamespaces, matchAlerts } from '../alerts/match.ts'
import { type AlertGroup, alertRecords } from '../alerts/records.ts'
import type { Routes } from '../alerts/routes.ts'
import type { Failure } from '../failure.ts'
import type { Incident } from '../incident.ts'
import { belongsTo } from '../key.ts'
import type { IncidentOpener } from '../open.ts'
import type { IncidentRecords } from '../records.ts'
import type { IncidentSettings } from '../settings.ts'
import type { WatchedCluster, WatchedClusters } from '../watched-cluster.ts'
import { type FirstReconciliation, readFirstReconciliation } from './first-reconciliation.ts'
import { openUnassigned } from './open-unassigned.ts'
import { type AlertedPod, answerOtherAlerts } from './other-alerts.ts'
import { type PodName, takeSnapshot } from './snapshot.ts'
import { createIncidentUpdate, type UpdateIncident } from './update.ts'

/** Milliseconds until a pod that had pulled its images is read by name again. */
const readAgain = 5 * 60_000
/** Pods that alerts name and that are not pending: each is read by name. */
const mostNamed = 50

export interface ReconcilerOptions {
  readonly incidents: IncidentRecords
  readonly store: Store
  readonly queue: Pick<Queue, 'add'>
  readonly clusters: WatchedClusters
  readonly routes: Routes
  readonly opener: Pick<IncidentOpener, 'openUnasked'>
  readonly settings: Pick<IncidentSettings, 'reconcile' | 'recheck' | 'stable' | 'others'>
  readonly now: () => Date
}

/**
 * Reconciles the incidents of one cluster with its state: it counts who is affected, notices what heals or fails in another
 * way, and opens incidents for new failures of which an alert or a channel is notified. One list of pending pods serves all
 * of it. It enqueues itself again while an incident is open. Throws ClusterError, StoreError, QueueError.
 */
export type ReconcileCluster = (cluster: string, signal: AbortSignal) => Promise<void>

export function createReconciler(options: ReconcilerOptions): ReconcileCluster {
  const { incidents, store, queue, clusters, routes, settings } = options
  const update = createIncidentUpdate(options)
  return async (cluster, signal) => {
    const watched = clusters.get(cluster)
    if (!watched) return
    await withLease(store, `look ${cluster}`, async (lost) => {
      const [open, alerts, first] = await Promise.all([
        incidents.open(cluster),
        alertRecords(store).firing(cluster),
        readFirstReconciliation(options, watched),
      ])
      const isNeeded = open.length + alerts.length > 0 || first.isDue || routes.isNotified(cluster, 'look')
      if (!isNeeded) return
      let again = true // also when the cluster does not answer
      try {
        const stop = AbortSignal.any([signal, lost])
        const opened = await reconcile({ ...options, update }, watched, { open, alerts, first }, stop)
        again = open.length + opened > 0
      } finally {
        if (again) await queue.add('look', cluster, { delay: settings.reconcile })
      }
    })
  }
}

interface Known {
  readonly open: readonly Incident[]
  readonly alerts: readonly AlertGroup[]
  readonly first: FirstReconciliation
}

/** Returns the number of incidents that were opened. */
async function reconcile(
  options: ReconcilerOptions & { readonly update: UpdateIncident },
  watched: WatchedCluster,
  { open, alerts, first }: Known,
  signal: AbortSignal,
): Promise<number> {
  const now = options.now()
  const alerted = findAlertedPods(watched, alerts, now)
  const named = [...open.flatMap(toPodName), ...alerted.map(({ pod }) => pod)]
  const pods = await takeSnapshot(watched, named, now, signal)
  const matches = matchAlerts(alerts, pods.failures, await knownNamespaces(watched, alerts, signal))
  const snapshot = { ...pods, alerts: matches }
  const { assigned, unassigned } = assign(open, snapshot.failures)
  for (const incident of open) {
    const failures = assigned.get(incident.id) ?? []
    await options.update(watched, incident, { ...snapshot, failures }, signal)
  }
  const failures = await first.filter({ failures: unassigned, snapshot, open }, signal)
  const opened = await openUnassigned(options, watched, failures, snapshot, signal)
  return opened + (await answerOtherAlerts(options, alerted, snapshot))
}

function toPodName({ subject: { namespace, pod } }: Incident): readonly PodName[] {
  return pod ? [{ namespace, pod }] : []
}

/** Finds the pods that alerts name and that were not read recently. */
function findAlertedPods(
  { namespaces }: WatchedCluster,
  alerts: readonly AlertGroup[],
  now: Date,
): readonly AlertedPod[] {
  const due = alerts.filter(({ looked }) => !looked || Math.abs(now.getTime() - Date.parse(looked)) >= readAgain)
  const named = due.flatMap((it) => (it.target.about === 'pod' ? [{ pod: it.target, alerts: it }] : []))
  return named.filter(({ pod }) => namespaces.length === 0 || namespaces.includes(pod.namespace)).slice(0, mostNamed)
}

/** Assigns each failure to the oldest incident that it belongs to. @returns The failures by the incident's id. */
function assign(
  open: readonly Incident[],
  failures: readonly Failure[],
): { readonly assigned: ReadonlyMap<string, readonly Failure[]>; readonly unassigned: readonly Failure[] } {
  const assigned = new Map<string, Failure[]>()
  const unassigned: Failure[] = []
  for (const failure of failures) {
    const incident = open.find((it) => belongsTo(failure, it))
    const others = incident && assigned.get(incident.id)
    if (!incident) unassigned.push(failure)
    else if (others) others.push(failure)
    else assigned.set(incident.id, [failure])
  }
  return { assigned, unassigned }
}
