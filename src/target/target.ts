import { distance } from 'fastest-levenshtein'
import type { Cluster, ListOptions } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import type { Pod, Resource, ResourceName } from '../kubernetes/resources.ts'
import type { Text } from '../text.ts'
import type { TargetKind } from './kind.ts'

/** What a target turned out to be. */
export type Located =
  /** The pods that it means, the one to look at first: failing before others, then the newest. */
  | { readonly found: 'pods'; readonly pods: readonly [Pod, ...Pod[]]; readonly note?: Text }
  /** The owner is there, and has no pod now. */
  | { readonly found: 'owner'; readonly kind: OwnerKind; readonly owner: Owner }
  /** `unseen`: what could not be looked at, in words: "pods in shop". */
  | { readonly found: 'none'; readonly candidates: readonly string[]; readonly unseen: readonly string[] }
  /** Each candidate is a target again: `shop/web-1`, `shop/deployment/web`. The failing ones come first. */
  | { readonly found: 'several'; readonly candidates: readonly string[] }

export type OwnerKind = Exclude<TargetKind, 'pods'>
export type Owner = Resource<'deployments'> | Resource<'jobs'> | Resource<'cronjobs'>

/** What one way of looking came to. */
export interface Search {
  readonly located?: Located
  /** What could not be looked at, in words: "pods in shop". */
  readonly unseen: readonly string[]
  /** Targets that may have been meant, where nothing was located. */
  readonly candidates?: readonly string[]
  /** Nothing at all could be looked at, and this is why. */
  readonly refusal?: ClusterError
}

export interface Candidate {
  /** What a person may have meant by it: an owner's name, and a pod's. */
  readonly names: readonly string[]
  readonly fails: boolean
  /** The target to name instead. */
  readonly target: string
}

const most = 5

/** The targets that somebody may have meant: the failing ones first, then the nearest. At most five. */
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

/** Changes of a letter from one name to the other; a name that contains the wanted one is near, whatever else it has. */
function farness(wanted: string, name: string): number {
  return name.includes(wanted) ? 1 : distance(wanted, name)
}

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
