import type { Cluster } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import type { Pod } from '../kubernetes/resources.ts'
import { type Text, text } from '../text.ts'
import { isPullWaiting, orderPods, workloadOfPod } from './pods.ts'
import { type Candidate, type Located, lookFor, nearCandidates, type Search } from './target.ts'

/**
 * Finds the pod with exactly this name without listing all pods. With a namespace, it sends one request. Without one, it asks
 * the context's namespace first, and then all namespaces with a field selector on the name.
 */
export async function findPodByName(
  cluster: Cluster,
  name: string,
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<Search> {
  const own = await getPod(cluster, name, namespace ?? cluster.namespace, signal)
  if (own.located || namespace !== undefined) return own
  const look = await lookFor(cluster, 'pods', { fields: { 'metadata.name': name } }, signal)
  const [first, ...others] = orderPods(look.items)
  if (first && isTheOne(first, others)) return { located: { found: 'pods', pods: [first] }, unseen: [] }
  if (first) return { located: { found: 'several', candidates: [first, ...others].map(namedTarget) }, unseen: [] }
  const refusal = own.refusal && look.refusal
  return { unseen: [...own.unseen, ...look.unseen], ...(refusal && { refusal }) }
}

async function getPod(cluster: Cluster, name: string, namespace: string, signal?: AbortSignal): Promise<Search> {
  try {
    const pod = await cluster.get('pods', { namespace, name }, signal)
    return { ...(pod && { located: { found: 'pods', pods: [pod] } }), unseen: [] }
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'forbidden') throw error
    return { unseen: [`pods in ${namespace}`], refusal: error }
  }
}

/** Whether the first of the ordered pods is the only one, or the only one that fails. */
function isTheOne(first: Pod, others: readonly Pod[]): boolean {
  return others.length === 0 || (isPullWaiting(first) && !others.some(isPullWaiting))
}

function namedTarget({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`
}

/** Pods that are searched for a prefix or a similar name: ten pages. */
const searchLimit = 5_000
const mostCandidates = 10

/**
 * Finds the pods with a prefix, if they belong to one workload, or to only one that fails. Pending pods are listed first,
 * because the server can select them and most pods that cannot pull are among them.
 */
export async function findPodsByBeginning(
  cluster: Cluster,
  beginning: string,
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<Search> {
  const where = { ...(namespace && { namespace }), limit: searchLimit }
  const begins = (pod: Pod): boolean => pod.metadata.name.startsWith(beginning)
  const pending = await lookFor(cluster, 'pods', { ...where, fields: { 'status.phase': 'Pending' } }, signal)
  const failing = byWorkload(pending.items.filter((pod) => begins(pod) && isPullWaiting(pod)))
  if (failing.length > 0) return { located: oneOrSeveral(failing), unseen: [] }
  const all = await lookFor(cluster, 'pods', where, signal)
  const begun = byWorkload(all.items.filter(begins))
  if (begun.length > 0) return { located: theOneThatFails(begun, beginning), unseen: [] }
  return { unseen: all.unseen, candidates: nearCandidates(beginning, byWorkload(all.items).map(candidateOf)) }
}

type Pods = readonly [Pod, ...Pod[]]

/** Groups pods by workload. The most relevant pods and workloads come first. */
function byWorkload(pods: readonly Pod[]): readonly Pods[] {
  const groups = Map.groupBy(orderPods(pods), (pod) => workloadOfPod(pod).key)
  return [...groups.values()].flatMap(([first, ...rest]): Pods[] => (first ? [[first, ...rest]] : []))
}

function oneOrSeveral(workloads: readonly Pods[], note?: Text): Located {
  const [one, another] = workloads
  if (one && !another) return { found: 'pods', pods: one, ...(note && { note }) }
  return { found: 'several', candidates: workloads.slice(0, mostCandidates).map(targetOf) }
}

function theOneThatFails(workloads: readonly Pods[], beginning: string): Located {
  const [one, ...others] = workloads.filter(([first]) => isPullWaiting(first))
  if (!one || others.length > 0 || workloads.length === 1) return oneOrSeveral(workloads)
  return oneOrSeveral(
    [one],
    text`${workloads.length} workloads have pods that begin with "${beginning}". This is the only one that fails.`,
  )
}

function candidateOf(pods: Pods): Candidate {
  const [first] = pods
  return {
    names: [workloadOfPod(first).name, first.metadata.name],
    fails: isPullWaiting(first),
    target: targetOf(pods),
  }
}

function targetOf([{ metadata }]: Pods): string {
  return `${metadata.namespace}/${metadata.name}`
}
