import type { Cluster } from '../kubernetes/cluster.ts'
import type { Pod, Resource } from '../kubernetes/resources.ts'
import type { Owner } from './located.ts'
import type { TargetKind } from './parse-target.ts'

/** The pods of an owner, directly or through its ReplicaSets or Jobs. Selected by the server, then by owner reference. */
export async function podsOfOwner(
  cluster: Cluster,
  kind: TargetKind,
  owner: Owner,
  signal?: AbortSignal,
): Promise<readonly Pod[]> {
  const { namespace, uid, name } = owner.metadata
  if (kind === 'cronjobs') return podsOfCronJob(cluster, owner, signal)
  const labels =
    kind === 'jobs' ? { 'batch.kubernetes.io/job-name': name } : selectorOf(owner as Resource<'deployments'>) // all other kinds have that form
  const pods = await cluster.list('pods', { namespace, labels }, signal)
  if (kind !== 'deployments') return pods.items.filter((pod) => isOwned(pod, uid))
  const sets = await cluster.list('replicasets', { namespace, labels }, signal)
  const own = new Set(sets.items.filter((set) => isOwned(set, uid)).map((set) => set.metadata.uid))
  return pods.items.filter((pod) => pod.metadata.ownerReferences.some((reference) => own.has(reference.uid)))
}

async function podsOfCronJob(cluster: Cluster, { metadata }: Owner, signal?: AbortSignal): Promise<readonly Pod[]> {
  const jobs = await cluster.list('jobs', { namespace: metadata.namespace }, signal)
  const own = jobs.items.filter((job) => isOwned(job, metadata.uid))
  const newest = own.toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))[0]
  return newest ? podsOfOwner(cluster, 'jobs', newest, signal) : []
}

function isOwned(object: { readonly metadata: Pod['metadata'] }, uid: string): boolean {
  return object.metadata.ownerReferences.some((reference) => reference.uid === uid)
}

/** A ReplicationController's selector is the labels themselves. */
function selectorOf({ spec: { selector } }: Resource<'deployments'>): Readonly<Record<string, string>> {
  if (!selector) return {}
  return 'matchLabels' in selector && typeof selector.matchLabels === 'object'
    ? selector.matchLabels
    : (selector as Record<string, string>) // the other member of the union
}
