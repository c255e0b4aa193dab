import type { Cluster } from '../kubernetes/cluster.ts'
import type { Pod, Resource } from '../kubernetes/resources.ts'
import type { Owner, OwnerKind } from './located.ts'
import { lookFor } from './look-for.ts'
import { orderPods } from './order-pods.ts'
import { workloadOfPod } from './workload-of-pod.ts'

type Selector = Readonly<Record<string, string>>

/** Pods of one owner, and Jobs of a namespace among which a CronJob's are looked for: no selector finds those. */
const limit = 2_000
const revision = 'deployment.kubernetes.io/revision'

/**
 * The pods of an owner, directly or through its ReplicaSets or its newest Job: selected by the server, then by owner
 * reference. The one to look at comes first.
 */
export async function podsOfOwner(
  cluster: Cluster,
  kind: OwnerKind,
  owner: Owner,
  signal?: AbortSignal,
): Promise<readonly Pod[]> {
  if (kind === 'cronjobs') return podsOfCronJob(cluster, owner, signal)
  if (kind === 'jobs') return orderPods(await podsOfJob(cluster, owner, signal))
  const workload = owner as Resource<'deployments'> // all other kinds have that form
  const pods = await list(cluster, owner, selectorOf(workload), signal)
  if (kind !== 'deployments') return orderPods(pods.filter((pod) => isOwned(pod, owner)))
  return podsOfDeployment(cluster, workload, pods, signal)
}

async function podsOfDeployment(
  cluster: Cluster,
  owner: Resource<'deployments'>,
  pods: readonly Pod[],
  signal?: AbortSignal,
): Promise<readonly Pod[]> {
  if (pods.length === 0) return []
  const where = { namespace: owner.metadata.namespace, labels: selectorOf(owner) }
  const sets = await lookFor(cluster, 'replicasets', where, signal)
  if (sets.refusal) return orderPods(pods.filter((pod) => isNamedAfter(pod, owner)))
  const own = sets.items.filter((set) => isOwned(set, owner))
  const revisions = new Map(own.map(({ metadata }) => [metadata.uid, Number(metadata.annotations[revision] ?? 0)]))
  const revisionOf = (pod: Pod): number | undefined =>
    pod.metadata.ownerReferences.map(({ uid }) => revisions.get(uid)).find((it) => it !== undefined)
  return orderPods(
    pods.filter((pod) => revisionOf(pod) !== undefined),
    (pod) => revisionOf(pod) ?? 0,
  )
}

/** What a pod's own labels and names say, where its ReplicaSet may not be read. */
function isNamedAfter(pod: Pod, { metadata }: Owner): boolean {
  const { kind, name } = workloadOfPod(pod)
  return kind === 'Deployment' && name === metadata.name
}

/** The label that Kubernetes 1.27 brought, then the one before it. */
async function podsOfJob(cluster: Cluster, job: Owner, signal?: AbortSignal): Promise<readonly Pod[]> {
  const { name } = job.metadata
  const pods = await list(cluster, job, { 'batch.kubernetes.io/job-name': name }, signal)
  const found = pods.length > 0 ? pods : await list(cluster, job, { 'job-name': name }, signal)
  return found.filter((pod) => isOwned(pod, job))
}

async function podsOfCronJob(cluster: Cluster, owner: Owner, signal?: AbortSignal): Promise<readonly Pod[]> {
  const { namespace } = owner.metadata
  const jobs = (await cluster.list('jobs', { namespace, limit }, signal)).items
  const [newest] = jobs
    .filter((job) => isOwned(job, owner))
    .toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))
  return newest ? orderPods(await podsOfJob(cluster, newest, signal)) : []
}

async function list(cluster: Cluster, owner: Owner, labels: Selector, signal?: AbortSignal): Promise<readonly Pod[]> {
  return (await cluster.list('pods', { namespace: owner.metadata.namespace, labels, limit }, signal)).items
}

function isOwned(object: { readonly metadata: Pod['metadata'] }, owner: Owner): boolean {
  return object.metadata.ownerReferences.some((reference) => reference.uid === owner.metadata.uid)
}

/** A ReplicationController's selector is the labels themselves. */
function selectorOf({ spec: { selector } }: Resource<'deployments'>): Selector {
  if (!selector) return {}
  return 'matchLabels' in selector && typeof selector.matchLabels === 'object'
    ? selector.matchLabels
    : (selector as Selector) // the other member of the union
}
