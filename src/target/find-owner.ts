import type { Cluster } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/cluster-error.ts'
import type { Pod } from '../kubernetes/resources.ts'
import type { OwnerName } from './former-owners.ts'
import { isPullWaiting } from './is-pull-waiting.ts'
import type { Located, Owner, OwnerKind } from './located.ts'
import { type Look, lookFor } from './look-for.ts'
import { podsOfOwner } from './pods-of-owner.ts'
import type { Search } from './search.ts'

interface FoundOwner {
  readonly kind: OwnerKind
  readonly owner: Owner
}
interface WithPods extends FoundOwner {
  readonly pods: readonly Pod[]
}

/** Owners of one name whose pods are compared; more are only named. */
const compared = 10

/**
 * The owner of one of these names, and its pods. Where no namespace is given the context's own wins; of several owners
 * the only one that fails.
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
