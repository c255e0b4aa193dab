import { ClusterError } from '../../kubernetes/errors.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import { isPullWaiting, workloadOfPod } from '../../target/pods.ts'
import { lookFor } from '../../target/target.ts'
import type { AlertMatches } from '../alerts/match.ts'
import { type Failure, toFailure } from '../failure.ts'
import type { Incident } from '../incident.ts'
import type { WatchedCluster } from '../watched-cluster.ts'

/** The pods of a cluster that matter to incidents, at one time. */
export interface ClusterSnapshot {
  /** The pods that cannot pull. */
  readonly failures: readonly Failure[]
  /** The keys of workloads with a pod whose images are being pulled now. */
  readonly starting: ReadonlySet<string>
  /** The uids of pods that are not ready although no status says that they fail to pull. */
  readonly unready: ReadonlySet<string>
  /** The labels of the failing pods, by uid. */
  readonly labels: ReadonlyMap<string, Readonly<Record<string, string>>>
  /** The pods that were read by name and do not fail to pull, by `namespace/name`. */
  readonly well: ReadonlyMap<string, Pod>
  /** The number of nodes. undefined: they could not be counted. */
  readonly allNodes: number | undefined
}

/** A snapshot, and the alerts that are about its failures. */
export interface MatchedSnapshot extends ClusterSnapshot {
  readonly alerts: AlertMatches
}

export interface PodName {
  readonly namespace: string
  readonly pod: string
}

/** Pending pods that a snapshot reads. */
const podLimit = 5_000

/**
 * Reads the pending pods with one list, and the `named` pods one by one, because a pod is not pending if another container
 * of it ran before. Throws ClusterError if no namespace could be read.
 */
export async function takeSnapshot(
  watched: WatchedCluster,
  named: readonly PodName[],
  now: Date,
  signal: AbortSignal,
): Promise<ClusterSnapshot> {
  const pending = await listPending(watched, signal)
  const listed = new Set(pending.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`))
  const missing = new Map(named.map((it) => [`${it.namespace}/${it.pod}`, it]))
  for (const key of listed) missing.delete(key)
  const [read, allNodes] = await Promise.all([
    readNamed(watched, [...missing.values()], signal),
    countNodes(watched, signal),
  ])
  const living = [...pending, ...read].filter(({ metadata }) => !metadata.deletionTimestamp)
  const failing = living.filter(isPullWaiting)
  const starting = living.filter((pod) => pod.status.phase === 'Pending' && !isPullWaiting(pod))
  const well = read.filter((pod) => !isPullWaiting(pod))
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

async function listPending({ cluster, namespaces }: WatchedCluster, signal: AbortSignal): Promise<readonly Pod[]> {
  const where = { fields: { 'status.phase': 'Pending' }, limit: podLimit }
  const places = namespaces.length > 0 ? namespaces.map((namespace) => ({ ...where, namespace })) : [where]
  const lists = await Promise.all(places.map((place) => lookFor(cluster, 'pods', place, signal)))
  const refusal = lists.every((it) => it.refusal) ? lists[0]?.refusal : undefined
  if (refusal) throw refusal
  return lists.flatMap(({ items }) => items)
}

async function readNamed(
  { cluster }: WatchedCluster,
  named: readonly PodName[],
  signal: AbortSignal,
): Promise<readonly Pod[]> {
  const pods = await Promise.all(
    named.map(({ namespace, pod: name }) => cluster.get('pods', { namespace, name }, signal).catch(unlessForbidden)),
  )
  return pods.filter((pod) => pod !== undefined)
}

/** An alert may name a pod that this program may not read. */
function unlessForbidden(error: unknown): undefined {
  if (!(error instanceof ClusterError) || error.code !== 'forbidden') throw error
}

/** Reads a list of one: the server says how many more there are. Listing nodes is not always allowed, and nothing depends on it. */
async function countNodes({ cluster }: WatchedCluster, signal: AbortSignal): Promise<number | undefined> {
  const seen = await cluster.list('nodes', { limit: 1 }, signal).catch(() => undefined)
  if (!seen || (!seen.complete && seen.more === undefined)) return undefined
  return seen.items.length + (seen.more ?? 0)
}

/** Finds failures that a check found and that a pod's status never shows: a pull that hangs, or an image that cannot run. */
export function findSilentFailures(
  { state, healing, subject }: Pick<Incident, 'state' | 'healing' | 'subject'>,
  { failures, unready }: Pick<ClusterSnapshot, 'failures' | 'unready'>,
): readonly Failure[] {
  const found = state === 'open' && healing === undefined && subject.at === 'nowhere' && unready.has(subject.uid)
  return found && !failures.some(({ uid }) => uid === subject.uid) ? [subject] : []
}
