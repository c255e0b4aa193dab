import type { Cluster, ListOptions } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/cluster-error.ts'
import type { Resource, ResourceName } from '../kubernetes/resources.ts'

export interface Look<Item> {
  readonly items: readonly Item[]
  /** What could not be looked at, in words: "pods in shop". */
  readonly unseen: readonly string[]
  /** Nothing at all could be looked at, and this is why. */
  readonly refusal?: ClusterError
}

/** Namespaces that are looked into one by one, where they may not be all at once. */
const namespaceLimit = 20

/** Lists; what is forbidden is told, not thrown. Where all namespaces may not be listed at once, each that may be is. */
export async function lookFor<Name extends ResourceName>(
  cluster: Cluster,
  resource: Name,
  where: ListOptions,
  signal?: AbortSignal,
): Promise<Look<Resource<Name>>> {
  const first = await lookOnce(cluster, resource, where, signal)
  if (!first.refusal || where.namespace) return first
  const { names, others } = await namespacesOf(cluster, signal)
  const looks = await Promise.all(
    names.map((namespace) => lookOnce(cluster, resource, { ...where, namespace }, signal)),
  )
  const unseen = [...looks.flatMap((look) => look.unseen), ...(others ? [`${resource} in other namespaces`] : [])]
  const blind = looks.every((look) => look.refusal)
  return { items: looks.flatMap((look) => look.items), unseen, ...(blind && { refusal: first.refusal }) }
}

async function lookOnce<Name extends ResourceName>(
  cluster: Cluster,
  resource: Name,
  where: ListOptions,
  signal?: AbortSignal,
): Promise<Look<Resource<Name>>> {
  try {
    const { items, complete, unreadable } = await cluster.list(resource, where, signal)
    const beyond = complete ? [] : [`${resource} beyond the first ${items.length}`]
    return { items, unseen: [...beyond, ...(unreadable ? [`${unreadable} ${resource} that are not understood`] : [])] }
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'forbidden') throw error
    return { items: [], unseen: [`${resource} in ${where.namespace ?? 'all namespaces'}`], refusal: error }
  }
}

/** The context's own comes first, and is known without asking. */
async function namespacesOf(
  cluster: Cluster,
  signal?: AbortSignal,
): Promise<{ readonly names: readonly string[]; readonly others: boolean }> {
  const { items, unseen } = await lookOnce(cluster, 'namespaces', { limit: namespaceLimit }, signal)
  const names = new Set([cluster.namespace, ...items.map((it) => it.metadata.name)])
  return { names: [...names], others: unseen.length > 0 }
}
