import type { Cluster } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/cluster-error.ts'
import type { Pod } from '../kubernetes/resources.ts'
import { isPullWaiting } from './is-pull-waiting.ts'
import { lookFor } from './look-for.ts'
import { orderPods } from './order-pods.ts'
import type { Search } from './search.ts'

/**
 * The pod of exactly that name, without listing pods: one request in a given namespace. Else the context's own namespace
 * wins, then one request that the server selects by name in all the others.
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
  if (first) return { located: { found: 'several', candidates: [first, ...others].map(targetOf) }, unseen: [] }
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

/** Failing pods come first: it is the only one, or the only one that fails. */
function isTheOne(first: Pod, others: readonly Pod[]): boolean {
  return others.length === 0 || (isPullWaiting(first) && !others.some(isPullWaiting))
}

function targetOf({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`
}
