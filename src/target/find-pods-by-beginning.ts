import type { Cluster } from '../kubernetes/cluster.ts'
import type { Pod } from '../kubernetes/resources.ts'
import { type Text, text } from '../text.ts'
import { isPullWaiting } from './is-pull-waiting.ts'
import type { Located } from './located.ts'
import { lookFor } from './look-for.ts'
import { type Candidate, nearCandidates } from './near-candidates.ts'
import { orderPods } from './order-pods.ts'
import type { Search } from './search.ts'
import { workloadOfPod } from './workload-of-pod.ts'

/** Pods that are looked at for the beginning of a name, or a near one: ten pages. */
const searchLimit = 5_000
const mostCandidates = 10

/**
 * The pods whose names begin so, if they are of one workload, or of only one that fails. Pending pods are asked for
 * first: the server selects them, and most pods that cannot pull are among them.
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

/** The pods to look at first come first, in each workload and among the workloads. */
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
    text`Pods of ${workloads.length} workloads begin with "${beginning}"; the one that fails was looked at.`,
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
