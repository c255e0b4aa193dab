import type { Cluster } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/cluster-error.ts'
import type { Pod } from '../kubernetes/resources.ts'
import { text } from '../text.ts'
import { formerOwner } from './former-owner.ts'
import { isPullWaiting } from './is-pull-waiting.ts'
import type { Located } from './located.ts'
import { nearNames } from './near-names.ts'
import { orderPods } from './order-pods.ts'
import type { Target, TargetKind } from './parse-target.ts'
import { podsOfOwner } from './pods-of-owner.ts'

/** Pods that are looked at for the beginning of a name or a near one: four pages. */
const searchLimit = 2_000
const ownerKinds = [
  'deployments',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
] as const satisfies readonly TargetKind[]

/**
 * Finds what a target means. An exact pod costs one request. Throws ClusterError where even the target's own
 * namespace could not be looked at.
 */
export async function locateTarget(cluster: Cluster, target: Target, signal?: AbortSignal): Promise<Located> {
  const { kind, name, namespace } = target
  if (kind && kind !== 'pods') return locateOwner(cluster, kind, name, namespace ?? cluster.namespace, signal)
  const exact = namespace
    ? await cluster.get('pods', { namespace, name }, signal)
    : await podAnywhere(cluster, name, signal)
  if (exact && 'found' in exact) return exact
  if (exact) return { found: 'pods', pods: [exact] }
  return (await replacementOf(cluster, target, signal)) ?? search(cluster, target, signal)
}

/** The context's own namespace wins; then every other one, in one request that the server selects. */
async function podAnywhere(cluster: Cluster, name: string, signal?: AbortSignal): Promise<Pod | Located | undefined> {
  const everywhere = await inAllNamespaces(cluster, (namespace) =>
    cluster
      .list('pods', { ...(namespace && { namespace }), fields: { 'metadata.name': name } }, signal)
      .then((it) => it.items),
  )
  const [first, second] = everywhere
  if (!second) return first
  const own = everywhere.find((pod) => pod.metadata.namespace === cluster.namespace)
  const failing = everywhere.filter(isPullWaiting)
  if (own) return own
  return failing.length === 1 ? failing[0] : { found: 'several', candidates: everywhere.map(nameOf) }
}

/** Where all namespaces may not be listed, the context's own is what there is. */
async function inAllNamespaces<T>(cluster: Cluster, list: (namespace?: string) => Promise<T>): Promise<T> {
  try {
    return await list()
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'forbidden') return list(cluster.namespace)
    throw error
  }
}

async function locateOwner(
  cluster: Cluster,
  kind: TargetKind,
  name: string,
  namespace: string,
  signal?: AbortSignal,
): Promise<Located> {
  if (kind === 'pods') return { found: 'none', candidates: [], unseen: [] }
  const owner = await cluster.get(kind, { namespace, name }, signal)
  if (!owner) {
    const others = await cluster.list(kind, { namespace }, signal)
    const names = others.items.map((it) => it.metadata.name)
    return { found: 'none', candidates: nearNames(name, names).map((it) => `${namespace}/${it}`), unseen: [] }
  }
  const [first, ...rest] = orderPods(await podsOfOwner(cluster, kind, owner, signal))
  return first ? { found: 'pods', pods: [first, ...rest] } : { found: 'owner', kind, owner }
}

/** A pod that is gone still tells by its name whose it was; that owner's newest pod is meant now. */
async function replacementOf(
  cluster: Cluster,
  { name, namespace }: Target,
  signal?: AbortSignal,
): Promise<Located | undefined> {
  const former = formerOwner(name)
  if (!former) return undefined
  const owner = await cluster.get(former.kind, { namespace: namespace ?? cluster.namespace, name: former.name }, signal)
  if (!owner) return undefined
  const [first, ...rest] = orderPods(await podsOfOwner(cluster, former.kind, owner, signal))
  if (!first) return { found: 'owner', kind: former.kind, owner }
  const now = isPullWaiting(first) ? 'fails too' : 'is there now'
  const note = text`Pod ${name} is gone. The pod ${first.metadata.name} of its ${former.word} ${now}: that one was looked at.`
  return { found: 'pods', pods: [first, ...rest], note }
}

/** The beginning of a pod's name, or an owner's name without its kind; else what is near. */
async function search(cluster: Cluster, { name, namespace }: Target, signal?: AbortSignal): Promise<Located> {
  const pods = await inAllNamespaces(cluster, (own) => {
    const where = namespace ?? own
    return cluster.list('pods', { ...(where && { namespace: where }), limit: searchLimit }, signal)
  })
  const begun = orderPods(pods.items.filter((pod) => pod.metadata.name.startsWith(name)))
  const owners = new Set(begun.map(ownerOf))
  const [first, ...rest] = begun
  if (first && owners.size === 1) return { found: 'pods', pods: [first, ...rest] }
  const named = await ownerNamed(cluster, name, namespace ?? cluster.namespace, signal)
  if (named) return named
  if (first) return { found: 'several', candidates: begun.slice(0, 10).map(nameOf) }
  const near = nearNames(
    name,
    orderPods(pods.items).map((pod) => pod.metadata.name),
  )
  const candidates = near.flatMap((it) => pods.items.filter((pod) => pod.metadata.name === it).map(nameOf))
  const unseen = pods.complete ? [] : [`pods beyond the first ${searchLimit}`]
  return { found: 'none', candidates: [...new Set(candidates)].slice(0, 5), unseen }
}

async function ownerNamed(
  cluster: Cluster,
  name: string,
  namespace: string,
  signal?: AbortSignal,
): Promise<Located | undefined> {
  const found = await Promise.all(
    ownerKinds.map(async (kind) => ((await cluster.get(kind, { namespace, name }, signal)) ? kind : undefined)),
  )
  const kind = found.find((it) => it !== undefined)
  return kind && locateOwner(cluster, kind, name, namespace, signal)
}

function ownerOf({ metadata }: Pod): string {
  const controller = metadata.ownerReferences.find((reference) => reference.controller)
  if (!controller) return `${metadata.namespace}/pod/${metadata.name}`
  // A rollout has pods of two ReplicaSets; both are one Deployment's, whose name is theirs without the hash.
  const name = controller.kind === 'ReplicaSet' ? controller.name.replace(/-[a-z0-9]+$/, '') : controller.name
  return `${metadata.namespace}/${controller.kind}/${name}`
}

function nameOf({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`
}
