import { check } from '../../../diagnosis/check.ts'
import type { Cluster, ListOptions } from '../../../kubernetes/cluster.ts'
import { ClusterError } from '../../../kubernetes/errors.ts'
import { type MakerResource, makerKinds, makerResource } from '../../../kubernetes/kinds.ts'
import type { PodEvent, Resource } from '../../../kubernetes/resources.ts'
import { redact } from '../../../secret.ts'
import { owner } from '../checks/owner.ts'
import { theCluster, thePod } from '../inputs.ts'
import { timeOf } from '../pulls.ts'

/** Why the API server does not let a pod be made, in its own words. */
export interface Refusal {
  /** Redacted. */
  readonly words: string
  /** Whose event or condition it is: `event FailedCreate of ReplicaSet web-5d9cf`. */
  readonly by: string
  /** RFC 3339. */
  readonly at?: string
  /** It stands now: a condition says so, or there is no pod at all. Otherwise an event tells of it, and events stay for an hour. */
  readonly current: boolean
}

/** What makes pods, directly or through what it owns. */
export type PodMaker = Resource<'deployments'> | Resource<'jobs'> | Resource<'cronjobs'>

/** Why the pod's workload gets no new pods. undefined: it has all it wants, or nothing is said. */
export const refusedPods = check({
  id: 'refused-pods',
  doing: 'Looking whether new pods are refused',
  needs: { cluster: theCluster, pod: thePod, owner },
  async gather({ cluster, owner }, signal): Promise<Refusal | undefined> {
    const { workload } = owner ?? {}
    const kind = makerResource(owner?.kind)
    if (!workload || !kind) return undefined
    const says = workload.status.conditions.some(isReplicaFailure)
    return says || isShort(kind, workload) ? refusalOf(cluster, kind, workload, signal) : undefined
  },
})

/** These set no condition when a pod is refused. A Deployment that lacks pods may simply wait for them to be ready. */
function isShort(kind: MakerResource, { spec, status }: Resource<'deployments'>): boolean {
  if (kind === 'daemonsets') return (status.numberReady ?? 0) < (status.desiredNumberScheduled ?? 0)
  return kind === 'statefulsets' && status.replicas < (spec.replicas ?? 1)
}

const wordsLimit = 600
/** What client-go puts in front where it joins events: tools/record/events_cache.go. */
const combined = /^\(combined from similar events\): /

/**
 * The newest refusal to make a pod: a condition of the owner, or an event FailedCreate of the owner or of what it owns.
 * undefined: none was said, or events may not be listed.
 */
export async function refusalOf(
  cluster: Cluster,
  kind: MakerResource,
  maker: PodMaker,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const { namespace, name } = maker.metadata
  const makers = await makersOf(cluster, kind, maker, signal)
  const listed = await listOrNone(cluster, 'events', { namespace, fields: { reason: 'FailedCreate' } }, signal)
  const own = listed.filter(({ involvedObject }) => makers.has(involvedObject.uid))
  const newest = own.toSorted((a, b) => (timeOf(a) ?? '').localeCompare(timeOf(b) ?? '')).at(-1)
  const condition = 'conditions' in maker.status ? maker.status.conditions.find(isReplicaFailure) : undefined
  if (!newest && !condition) return undefined
  const current = condition !== undefined
  if (newest?.message) return { ...refusalOfEvent(newest), current }
  const at = condition?.lastTransitionTime ?? undefined
  const by = `condition ReplicaFailure of ${makerKinds[kind]} ${name}`
  return { words: refusalWords(condition?.message ?? ''), by, ...(at && { at }), current }
}

/** Of an event FailedCreate. Whether it still stands, the event alone does not tell. */
export function refusalOfEvent(event: PodEvent): Refusal {
  const { kind, name } = event.involvedObject
  const at = timeOf(event)
  const by = `event FailedCreate of ${kind} ${name}`
  return { words: refusalWords(event.message), by, ...(at && { at }), current: false }
}

function refusalWords(message: string): string {
  return redact(message.replace(combined, '')).slice(0, wordsLimit)
}

// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentStatus
function isReplicaFailure({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === 'ReplicaFailure' && status === 'True'
}

/** The uids of those who make its pods: itself, its ReplicaSets, its Jobs. */
async function makersOf(
  cluster: Cluster,
  kind: MakerResource,
  { metadata: { namespace, uid } }: PodMaker,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const below = kind === 'deployments' ? 'replicasets' : kind === 'cronjobs' ? 'jobs' : undefined
  const made = below ? await listOrNone(cluster, below, { namespace }, signal) : []
  const own = made.filter(({ metadata }) => metadata.ownerReferences.some((it) => it.uid === uid))
  return new Set([uid, ...own.map(({ metadata }) => metadata.uid)])
}

/** Whoever may not list them does not see why there is no pod: the note says less then. */
async function listOrNone<Name extends 'events' | 'replicasets' | 'jobs'>(
  cluster: Cluster,
  resource: Name,
  options: ListOptions,
  signal: AbortSignal,
): Promise<readonly Resource<Name>[]> {
  try {
    return (await cluster.list(resource, options, signal)).items
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'forbidden') return []
    throw error
  }
}
