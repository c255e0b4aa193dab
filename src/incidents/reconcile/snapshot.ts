import { ClusterError } from '../../kubernetes/errors.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import { isPullWaiting, workloadOfPod } from '../../target/pods.ts'
import { lookFor } from '../../target/target.ts'
import { type Failure, toFailure } from '../failure.ts'
import type { Incident } from '../incident.ts'
import type { WatchedCluster } from '../watched-cluster.ts'

/** What one look at a cluster found, before anything is made of it. */
export interface ClusterSnapshot {
  readonly failures: readonly Failure[]
  /** Workloads with a pod whose images are being pulled right now, by key. */
  readonly starting: ReadonlySet<string>
  /** Uids of pods that are not ready, and of which no status says that they fail to pull. */
  readonly unready: ReadonlySet<string>
  /** Of the failing pods, by uid. */
  readonly labels: ReadonlyMap<string, Readonly<Record<string, string>>>
  /** Pods that were asked for by name, and do not fail to pull; by `namespace/name`. */
  readonly well: ReadonlyMap<string, Pod>
  /** undefined: they could not be counted. */
  readonly allNodes: number | undefined
}

export interface PodName {
  readonly namespace: string
  readonly pod: string
}

/** Pods that a look reads: pending ones, which the server selects. */
const podLimit = 5_000

/**
 * One list of pending pods; and those of `named`, because a pod is not pending where another container of it ran already.
 * Throws ClusterError where nothing at all could be seen.
 */
export async function takeSnapshot(
  watched: WatchedCluster,
  named: readonly PodName[],
  now: Date,
  signal: AbortSignal,
): Promise<ClusterSnapshot> {
  const pending = await pendingPods(watched, signal)
  const listed = new Set(pending.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`))
  const missing = new Map(named.map((it) => [`${it.namespace}/${it.pod}`, it]))
  for (const key of listed) missing.delete(key)
  const [asked, allNodes] = await Promise.all([
    namedPods(watched, [...missing.values()], signal),
    countNodes(watched, signal),
  ])
  const living = [...pending, ...asked].filter(({ metadata }) => !metadata.deletionTimestamp)
  const failing = living.filter(isPullWaiting)
  const starting = living.filter((pod) => pod.status.phase === 'Pending' && !isPullWaiting(pod))
  const well = asked.filter((pod) => !isPullWaiting(pod))
  const unready = living.filter((pod) => !isPullWaiting(pod) && !isReady(pod))
  return {
    failures: failing.flatMap((pod) => toFailure(watched.name, pod, now) ?? []),
    starting: new Set(starting.map((pod) => workloadOfPod(pod).key)),
    unready: new Set(unready.map(({ metadata }) => metadata.uid)),
    labels: new Map(failing.map(({ metadata }) => [metadata.uid, metadata.labels])),
    well: new Map(well.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod])),
    allNodes,
  }
}

function isReady({ status }: Pod): boolean {
  return status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True')
}

async function pendingPods({ cluster, namespaces }: WatchedCluster, signal: AbortSignal): Promise<readonly Pod[]> {
  const where = { fields: { 'status.phase': 'Pending' }, limit: podLimit }
  const places = namespaces.length > 0 ? namespaces.map((namespace) => ({ ...where, namespace })) : [where]
  const looks = await Promise.all(places.map((place) => lookFor(cluster, 'pods', place, signal)))
  const refusal = looks.every((it) => it.refusal) ? looks[0]?.refusal : undefined
  if (refusal) throw refusal
  return looks.flatMap(({ items }) => items)
}

async function namedPods(
  { cluster }: WatchedCluster,
  named: readonly PodName[],
  signal: AbortSignal,
): Promise<readonly Pod[]> {
  const pods = await Promise.all(
    named.map(({ namespace, pod: name }) => cluster.get('pods', { namespace, name }, signal).catch(unlessForbidden)),
  )
  return pods.filter((pod) => pod !== undefined)
}

/** Who names a pod may name one that may not be seen. */
function unlessForbidden(error: unknown): undefined {
  if (!(error instanceof ClusterError) || error.code !== 'forbidden') throw error
}

/** A list of one: the server says how many more there are. Nobody depends on it, and not everybody may. */
async function countNodes({ cluster }: WatchedCluster, signal: AbortSignal): Promise<number | undefined> {
  const seen = await cluster.list('nodes', { limit: 1 }, signal).catch(() => undefined)
  if (!seen || (!seen.complete && seen.more === undefined)) return undefined
  return seen.items.length + (seen.more ?? 0)
}

/** A pull that hangs, or an image that cannot run: a check found it, and a pod's status alone never tells. */
export function findSilentFailures(
  { state, healing, subject }: Pick<Incident, 'state' | 'healing' | 'subject'>,
  { failures, unready }: Pick<ClusterSnapshot, 'failures' | 'unready'>,
): readonly Failure[] {
  const found = state === 'open' && healing === undefined && subject.at === 'nowhere' && unready.has(subject.uid)
  return found && !failures.some(({ uid }) => uid === subject.uid) ? [subject] : []
}
