import type { Pod } from '../../kubernetes/resources.ts'
import type { Store } from '../../store/store.ts'
import { workloadOfPod } from '../../target/pods.ts'
import { type AlertGroup, alertRecords, stillFiring } from '../alerts/records.ts'
import type { Routes } from '../alerts/routes.ts'
import { findNotifications } from '../alerts/routing.ts'
import type { Failure } from '../failure.ts'
import type { IncidentOpener } from '../open.ts'
import type { IncidentRecords } from '../records.ts'
import type { IncidentSettings } from '../settings.ts'
import type { ClusterSnapshot, PodName } from './snapshot.ts'

/** A pod that an alert names. */
export interface AlertedPod {
  readonly pod: PodName
  readonly alerts: AlertGroup
}

export interface OtherAlertsOptions {
  readonly incidents: Pick<IncidentRecords, 'lastOf'>
  readonly store: Store
  readonly routes: Pick<Routes, 'channelsFor'>
  readonly opener: Pick<IncidentOpener, 'openUnasked'>
  readonly settings: Pick<IncidentSettings, 'others'>
  readonly now: () => Date
}

/**
 * Leaves alerts alone for a while if their pod has pulled its images or is gone. If the configuration says so, each is
 * answered once with a sentence. Returns the number of incidents that were opened for that.
 */
export async function answerOtherAlerts(
  options: OtherAlertsOptions,
  alerted: readonly AlertedPod[],
  { failures, well }: Pick<ClusterSnapshot, 'failures' | 'well'>,
): Promise<number> {
  const { store, settings, now } = options
  const failing = new Set(failures.map(({ namespace, pod }) => `${namespace}/${pod}`))
  const known = alertRecords(store)
  let opened = 0
  for (const { pod, alerts } of alerted) {
    const name = `${pod.namespace}/${pod.pod}`
    if (failing.has(name)) continue
    const found = well.get(name)
    if (found && settings.others === 'say' && (await openForAnswer(options, found, alerts))) opened += 1
    await known.markChecked(alerts, now().toISOString())
  }
  return opened
}

/** Opens an incident that will end with a sentence. False: there is one already, or no channel is notified. */
async function openForAnswer(
  { incidents, routes, opener }: OtherAlertsOptions,
  pod: Pod,
  alerts: AlertGroup,
): Promise<boolean> {
  const subject = toSubject(alerts.cluster, pod)
  const last = await incidents.lastOf(subject)
  const since = Math.max(...stillFiring(alerts).map((it) => Date.parse(it.since)))
  if (last && (last.state === 'checking' || last.state === 'open' || Date.parse(last.openedAt) >= since)) return false
  const matched = { alerts: new Map([[subject, [alerts]]]), labels: new Map([[subject.uid, pod.metadata.labels]]) }
  const notifications = findNotifications(routes, alerts.cluster, [subject], matched)
  const channel = notifications.posts[0]?.channel ?? notifications.channels[0]
  if (!channel) return false
  await opener.openUnasked(channel, subject, notifications)
  return true
}

/** Makes the subject of an incident from a pod that does not fail to pull. */
function toSubject(cluster: string, pod: Pod): Failure {
  const { namespace, name, uid, creationTimestamp } = pod.metadata
  return {
    cluster,
    namespace,
    pod: name,
    uid,
    node: pod.spec.nodeName,
    workload: workloadOfPod(pod),
    image: '',
    host: '',
    at: 'nowhere',
    secrets: [],
    since: creationTimestamp,
  }
}
