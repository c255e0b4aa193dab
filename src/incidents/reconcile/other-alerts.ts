import type { Pod } from '../../kubernetes/resources.ts'
import { workloadOfPod } from '../../target/pods.ts'
import { type Alerts, alertRecords, stillFiring } from '../alerts/records.ts'
import { findNotifications } from '../alerts/routing.ts'
import type { Failure } from '../failure.ts'
import type { IncidentWorld } from '../incident-world.ts'
import { openUnasked } from './open-unassigned.ts'
import type { ClusterSnapshot, PodName } from './snapshot.ts'

interface Unseen {
  readonly pod: PodName
  readonly alerts: Alerts
}

/**
 * Alerts whose pod has pulled its images, or is gone, are left alone for a while; where the configuration says so, each is
 * answered once with a sentence. Comes back with the number of incidents that were opened for that.
 */
export async function answerOtherAlerts(
  world: IncidentWorld,
  unseen: readonly Unseen[],
  sight: ClusterSnapshot,
): Promise<number> {
  const failing = new Set(sight.failures.map(({ namespace, pod }) => `${namespace}/${pod}`))
  const kept = alertRecords(world.store)
  let opened = 0
  for (const { pod, alerts } of unseen) {
    const name = `${pod.namespace}/${pod.pod}`
    if (failing.has(name)) continue
    const well = sight.well.get(name)
    if (well && world.settings.others === 'say') opened += await say(world, well, alerts)
    await kept.looked(alerts, world.now().toISOString())
  }
  return opened
}

async function say(world: IncidentWorld, pod: Pod, alerts: Alerts): Promise<number> {
  const subject = subjectOf(alerts.cluster, pod)
  const last = await world.incidents.lastOf(subject)
  const since = Math.max(...stillFiring(alerts).map((it) => Date.parse(it.since)))
  if (last && (last.state === 'checking' || last.state === 'open' || Date.parse(last.openedAt) >= since)) return 0
  const seen = { told: new Map([[subject, [alerts]]]), labels: new Map([[subject.uid, pod.metadata.labels]]) }
  const tellings = findNotifications(world, alerts.cluster, [subject], seen)
  const channel = tellings.posts[0]?.channel ?? tellings.channels[0]
  if (!channel) return 0
  await openUnasked(world, channel, subject, tellings)
  return 1
}

/** A pod that does not fail to pull, to be looked at all the same. */
function subjectOf(cluster: string, pod: Pod): Failure {
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
