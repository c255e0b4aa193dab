import { distance } from 'fastest-levenshtein'
import type { Cluster, ListOptions } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import type { Pod, Resource, ResourceName } from '../kubernetes/resources.ts'
import type { Text } from '../text.ts'
import type { TargetKind } from './kind.ts'

/** The objects that a target names in the cluster. */
export type Located =
  /** The pods, the most relevant first: failing before others, then the newest. */
  | { readonly found: 'pods'; readonly pods: readonly [Pod, ...Pod[]]; readonly note?: Text }
  /** The owner exists, but has no pod now. */
  | { readonly found: 'owner'; readonly kind: OwnerKind; readonly owner: Owner }
  /** `unseen`: what could not be read, such as "pods in shop". */
  | { readonly found: 'none'; readonly candidates: readonly string[]; readonly unseen: readonly string[] }
  /** Each candidate is itself a target: `shop/web-1`, `shop/deployment/web`. Failing ones come first. */
  | { readonly found: 'several'; readonly candidates: readonly string[] }

export type OwnerKind = Exclude<TargetKind, 'pods'>
export type Owner = Resource<'deployments'> | Resource<'jobs'> | Resource<'cronjobs'>

/** The result of one search step. */
export interface Search {
  readonly located?: Located
  /** What could not be read, such as "pods in shop". */
  readonly unseen: readonly string[]
  /** Targets that the person may have meant, if nothing was located. */
  readonly candidates?: readonly string[]
  /** Why nothing could be read at all. */
  readonly refusal?: ClusterError
}

export interface Candidate {
  /** Names to compare with the person's words: an owner's and a pod's. */
  readonly names: readonly string[]
  readonly fails: boolean
  /** The target to suggest. */
  readonly target: string
}

const most = 5

/** Returns at most five targets that a person may have meant: failing ones first, then the most similar. */
export function nearCandidates(wanted: string, candidates: readonly Candidate[]): readonly string[] {
  return candidates
    .map(({ names, fails, target }) => ({
      target,
      fails,
      far: Math.min(...names.map((name) => farness(wanted, name))),
    }))
    .filter(({ far }) => far <= Math.max(1, wanted.length / 3))
    .toSorted((a, b) => Number(b.fails) - Number(a.fails) || a.far - b.far)
    .slice(0, most)
    .map(({ target }) => target)
}

/** Returns the edit distance of two names. A name that contains the wanted one has the distance 1. */
function farness(wanted: string, name: string): number {
  return name.includes(wanted) ? 1 : distance(wanted, name)
}

export interface Look<Item> {
  readonly items: readonly Item[]
  /** What could not be read, such as "pods in shop". */
  readonly unseen: readonly string[]
  /** Why nothing could be read at all. */
  readonly refusal?: ClusterError
}

/** Namespaces that are listed one by one, if all at once is forbidden. */
const namespaceLimit = 20

/** Lists objects. Reports what is forbidden instead of throwing. If listing all namespaces is forbidden, lists each allowed one. */
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
    return { items, unseen: [...beyond, ...(unreadable ? [`${unreadable} ${resource} that could not be parsed`] : [])] }
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'forbidden') throw error
    return { items: [], unseen: [`${resource} in ${where.namespace ?? 'all namespaces'}`], refusal: error }
  }
}

/** Lists the namespaces. The context's own comes first and is known without a request. */
async function namespacesOf(
  cluster: Cluster,
  signal?: AbortSignal,
): Promise<{ readonly names: readonly string[]; readonly others: boolean }> {
  const { items, unseen } = await lookOnce(cluster, 'namespaces', { limit: namespaceLimit }, signal)
  const names = new Set([cluster.namespace, ...items.map((it) => it.metadata.name)])
  return { names: [...names], others: unseen.length > 0 }
}
