import type { Cluster } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import type { Pod, Resource } from '../kubernetes/resources.ts'
import { isPullWaiting, orderPods, workloadOfPod } from './pods.ts'
import { type Located, type Look, lookFor, type Owner, type OwnerKind, type Search } from './target.ts'

interface FoundOwner {
  readonly kind: OwnerKind
  readonly owner: Owner
}
interface WithPods extends FoundOwner {
  readonly pods: readonly Pod[]
}

/** Owners with the same name whose pods are compared. Further ones are only listed. */
const compared = 10

/**
 * Finds the owner with one of these names, and its pods. Without a namespace, an owner in the context's namespace wins. Of
 * several owners, the only failing one wins.
 */
export async function findOwner(
  cluster: Cluster,
  wanted: readonly OwnerName[],
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<Search> {
  const looks = await Promise.all(wanted.map((it) => lookForOwner(cluster, it, namespace, signal)))
  const found = ownFirst(
    looks.flatMap((look) => look.items),
    cluster.namespace,
  )
  if (found.length === 0) {
    const refusal = looks.every((look) => look.refusal) ? looks[0]?.refusal : undefined
    return { unseen: looks.flatMap((look) => look.unseen), ...(refusal && { refusal }) }
  }
  const withPods = await Promise.all(
    found
      .slice(0, compared)
      .map(async (it) => ({ ...it, pods: await podsOfOwner(cluster, it.kind, it.owner, signal) })),
  )
  return { located: theOne(withPods, found), unseen: [] }
}

function ownFirst(found: readonly FoundOwner[], namespace: string): readonly FoundOwner[] {
  const own = found.filter(({ owner }) => owner.metadata.namespace === namespace)
  return own.length > 0 ? own : found
}

function theOne(owners: readonly WithPods[], all: readonly FoundOwner[]): Located {
  const failing = owners.filter(({ pods }) => pods.some(isPullWaiting))
  const [one, another] = failing.length > 0 ? failing : owners
  if (!one || another) return { found: 'several', candidates: [...new Set([...failing, ...all].map(targetOf))] }
  const [first, ...rest] = one.pods
  return first ? { found: 'pods', pods: [first, ...rest] } : { found: 'owner', kind: one.kind, owner: one.owner }
}

async function lookForOwner(
  cluster: Cluster,
  { kind, name }: OwnerName,
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<Look<FoundOwner>> {
  if (namespace === undefined) {
    const look = await lookFor(cluster, kind, { fields: { 'metadata.name': name } }, signal)
    return { ...look, items: look.items.map((owner) => ({ kind, owner })) }
  }
  try {
    const owner = await cluster.get(kind, { namespace, name }, signal)
    return { items: owner ? [{ kind, owner }] : [], unseen: [] }
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'forbidden') throw error
    return { items: [], unseen: [`${kind} in ${namespace}`], refusal: error }
  }
}

function targetOf({ kind, owner: { metadata } }: FoundOwner): string {
  return `${metadata.namespace}/${kind.replace(/s$/, '')}/${metadata.name}`
}

interface OwnerName {
  readonly kind: OwnerKind
  readonly name: string
}

// Generated names use this alphabet (apimachinery pkg/util/rand): a pod's part has five of it, a ReplicaSet's hash up to
// ten. A CronJob's Jobs end with the minute they were due.
const random = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/
const hash = /-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/
const ordinal = /-\d{1,5}$/
const minute = /-\d{8,10}$/

/** Lists the possible owners of a pod by the form of its name, the most usual first. Empty: no controller makes such names. */
export function formerOwners(pod: string): readonly OwnerName[] {
  const ofSet: OwnerName[] = ordinal.test(pod) ? [{ kind: 'statefulsets', name: pod.replace(ordinal, '') }] : []
  if (!random.test(pod)) return ofSet
  const name = pod.replace(random, '')
  return [
    ...(hash.test(name) ? [{ kind: 'deployments', name: name.replace(hash, '') } as const] : []),
    ...(minute.test(name) ? [{ kind: 'cronjobs', name: name.replace(minute, '') } as const] : []),
    ...(ordinal.test(name) ? [{ kind: 'jobs', name: name.replace(ordinal, '') } as const] : []), // an Indexed Job
    ...(['jobs', 'daemonsets', 'replicasets', 'replicationcontrollers'] as const).map((kind) => ({ kind, name })),
    ...ofSet,
  ]
}

/** Whether a controller generated this name, with a random part: `my-app-5d9cf86b95-26kvf`, `agent-x2x9k`. */
export function hasPodForm(name: string): boolean {
  return random.test(name) && /[0-9]/.test(name.slice(-17))
}

/** Whether this is a name of a pod of a Deployment or a CronJob: with a hash or a minute, and a random part. */
export function hasLongPodForm(name: string): boolean {
  const [, middle = ''] = /-([a-z0-9]{5,10})-[a-z0-9]{5}$/.exec(name) ?? []
  return random.test(name) && (hash.test(`-${middle}`) || minute.test(`-${middle}`))
}

type Selector = Readonly<Record<string, string>>

/** Pods of one owner that are listed, and Jobs of a namespace: no selector finds the Jobs of a CronJob. */
const limit = 2_000
const revision = 'deployment.kubernetes.io/revision'

/**
 * Lists the pods of an owner, directly or through its ReplicaSets or its newest Job. The server selects them by label, and
 * their owner references are checked. The most relevant pod comes first.
 */
async function podsOfOwner(
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

/** Judges by a pod's labels and name, because its ReplicaSet may not be read. */
function isNamedAfter(pod: Pod, { metadata }: Owner): boolean {
  const { kind, name } = workloadOfPod(pod)
  return kind === 'Deployment' && name === metadata.name
}

/** Selects by the label that Kubernetes 1.27 introduced, then by the older one. */
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
