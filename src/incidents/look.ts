import type { Pod } from '../kubernetes/resources.ts'
import { alone } from '../store/alone.ts'
import { isPullWaiting } from '../target/is-pull-waiting.ts'
import { lookFor } from '../target/look-for.ts'
import { workloadOfPod } from '../target/workload-of-pod.ts'
import { belongsTo } from './belongs-to.ts'
import { countAffected } from './count-affected.ts'
import { type Failure, failureOf } from './failure.ts'
import type { Incident } from './incident.ts'
import type { IncidentWorld } from './incident-world.ts'
import { isOver, transition } from './transition.ts'
import type { WatchedCluster } from './watched-cluster.ts'
import { workloadObjects } from './workload-objects.ts'

/** Pods that a look reads: pending ones, which the server selects. */
const podLimit = 5_000

/** What one look at a cluster found, before anything is made of it. */
interface Sight {
  readonly failures: readonly Failure[]
  readonly starting: ReadonlySet<string>
}

/**
 * Looks how the open incidents of a cluster are: whom they hurt now, what heals, what fails in another way. One list of
 * pending pods serves them all. Comes back by itself while one is open.
 */
export async function look(world: IncidentWorld, cluster: string, signal: AbortSignal): Promise<void> {
  const watched = world.clusters.get(cluster)
  const open = watched ? await world.incidents.open(cluster) : []
  if (!watched || open.length === 0) return
  await alone(world.store, `look ${cluster}`, async () => {
    const sight = await see(watched, open, world.now(), signal)
    const shares = share(open, sight.failures)
    for (const incident of open)
      await follow(world, watched, incident, { ...sight, failures: shares.get(incident.id) ?? [] }, signal)
  }).finally(() => world.queue.add('look', cluster, { delay: world.pauses.look }))
}

async function see(watched: WatchedCluster, open: readonly Incident[], now: Date, signal: AbortSignal): Promise<Sight> {
  const [pending, subjects] = await Promise.all([pendingPods(watched, signal), subjectPods(watched, open, signal)])
  const pods = new Map([...pending, ...subjects].map((pod) => [pod.metadata.uid, pod]))
  const living = [...pods.values()].filter(({ metadata }) => !metadata.deletionTimestamp)
  const failing = living.filter(isPullWaiting)
  const starting = living.filter((pod) => pod.status.phase === 'Pending' && !isPullWaiting(pod))
  return {
    failures: failing.flatMap((pod) => failureOf(watched.name, pod, now) ?? []),
    starting: new Set(starting.map((pod) => workloadOfPod(pod).key)),
  }
}

async function pendingPods({ cluster, namespaces }: WatchedCluster, signal: AbortSignal): Promise<readonly Pod[]> {
  const where = { fields: { 'status.phase': 'Pending' }, limit: podLimit }
  const places = namespaces.length > 0 ? namespaces.map((namespace) => ({ ...where, namespace })) : [where]
  const looks = await Promise.all(places.map((place) => lookFor(cluster, 'pods', place, signal)))
  const refusal = looks.every((it) => it.refusal) ? looks[0]?.refusal : undefined
  if (refusal) throw refusal
  return looks.flatMap(({ items }) => items)
}

/** A pod is not pending where another container of it ran already: those that are known are asked for by name. */
async function subjectPods(
  { cluster }: WatchedCluster,
  open: readonly Incident[],
  signal: AbortSignal,
): Promise<readonly Pod[]> {
  const named = open.filter(({ subject }) => subject.pod !== '')
  const pods = await Promise.all(
    named.map(({ subject: { namespace, pod } }) => cluster.get('pods', { namespace, name: pod }, signal)),
  )
  return pods.filter((pod) => pod !== undefined)
}

/** Each failure is a part of one incident: the oldest that it belongs to. */
function share(open: readonly Incident[], failures: readonly Failure[]): ReadonlyMap<string, readonly Failure[]> {
  return Map.groupBy(failures, (failure) => open.find((incident) => belongsTo(failure, incident))?.id ?? '')
}

async function follow(
  world: IncidentWorld,
  { cluster }: WatchedCluster,
  incident: Incident,
  sight: Sight,
  signal: AbortSignal,
): Promise<void> {
  const names = [
    ...incident.affected.workloads,
    ...sight.failures.map(({ namespace, workload }) => ({ namespace, ...workload })),
  ]
  const distinct = [...new Map(names.map((it) => [`${it.namespace}/${it.kind}/${it.name}`, it])).values()]
  const objects = await workloadObjects(cluster, distinct, signal)
  const now = world.now()
  const after = await world.incidents.change(incident.id, (before) => {
    if (isOver(before)) return before
    const affected = countAffected(before.affected, { ...sight, objects, now, proven: world.pauses.proven })
    const subject = nextSubject(before, sight.failures)
    return transition(unmuted(before, now), {
      what: 'counted',
      at: now.toISOString(),
      affected,
      ...(subject && { subject }),
    })
  })
  await world.queue.add('sync-thread', incident.id)
  const moved = after?.subject.uid !== incident.subject.uid
  if (after && (moved || wantsCheck(after, sight.failures, now, world.pauses.diagnosis)))
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
  const { workloads } = incident.affected
  const open = workloads.some(({ state }) => state === 'failing' || state === 'recovering')
  if (!open) return true
  const own = failures.find(({ uid }) => uid === incident.subject.uid)
  if (own && own.at !== 'nowhere' && own.at !== incident.place) return true
  return now.getTime() - Date.parse(incident.checkedAt ?? incident.openedAt) >= old
}
