import type { Cluster } from '../kubernetes/cluster.ts'
import { text } from '../text.ts'
import { findPodByName, findPodsByBeginning } from './by-name.ts'
import { findOwner, formerOwners } from './owner.ts'
import type { Target } from './parse.ts'
import { isPullWaiting, orderPods, workloadOfPod } from './pods.ts'
import { type Located, lookFor, nearCandidates, type OwnerKind, type Search } from './target.ts'

/** The kinds that are tried for a name without a kind. */
const usualKinds = ['deployments', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs'] as const satisfies OwnerKind[]
/** Owners of a kind that are searched for a similar name. */
const nearLimit = 1_000

const mostCandidates = 5

type Step = () => Promise<Search>

/**
 * Finds the object that a target means. A pod's exact name with its namespace costs one request and lists no pods. Throws
 * ClusterError if the cluster cannot be reached, or if imagepull may not read the target itself.
 */
export async function locateTarget(cluster: Cluster, target: Target, signal?: AbortSignal): Promise<Located> {
  const steps = stepsFor(cluster, target, signal)
  const unseen = new Set<string>()
  const candidates = new Set<string>()
  for (const step of steps) {
    const search = await step()
    if (search.located) return search.located
    if (search.refusal && step === steps[0]) throw search.refusal
    for (const it of search.unseen) unseen.add(it)
    for (const it of search.candidates ?? []) candidates.add(it)
  }
  return { found: 'none', candidates: [...candidates].slice(0, mostCandidates), unseen: [...unseen] }
}

function stepsFor(cluster: Cluster, target: Target, signal?: AbortSignal): readonly Step[] {
  const { kind, name, namespace } = target
  const beginning: Step = () => findPodsByBeginning(cluster, name, namespace, signal)
  if (name.endsWith('-')) return [beginning]
  if (kind && kind !== 'pods') {
    return [
      () => findOwner(cluster, [{ kind, name }], namespace, signal),
      () => nearOwners(cluster, kind, name, namespace, signal),
    ]
  }
  const named = usualKinds.map((it) => ({ kind: it, name }))
  return [
    () => findPodByName(cluster, name, namespace, signal),
    ...(kind ? [] : [() => findOwner(cluster, named, namespace, signal)]),
    () => findReplacement(cluster, target, signal),
    target.exact ? () => onlyCandidates(beginning) : beginning,
    ...(namespace ? [() => podsElsewhere(cluster, name, signal)] : []),
  ]
}

/** Turns a search result into candidates: a word of a sentence only suggests targets. */
async function onlyCandidates(step: Step): Promise<Search> {
  const { located, ...search } = await step()
  if (!located) return search
  const pods = located.found === 'pods' ? [located.pods[0]] : []
  const named = pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
  return { ...search, candidates: located.found === 'several' ? located.candidates : named }
}

/** Finds the newest pod of the owner of a deleted pod, whose name shows its former owner. */
async function findReplacement(cluster: Cluster, target: Target, signal?: AbortSignal): Promise<Search> {
  const former = formerOwners(target.name)
  const searches = await Promise.all(former.map((it) => findOwner(cluster, [it], target.namespace, signal)))
  const search = searches.find((it) => it.located)
  if (search?.located?.found !== 'pods') return search ?? { unseen: searches.flatMap((it) => it.unseen) }
  const { pods } = search.located
  const [first] = pods
  const now = isPullWaiting(first) ? text`fails too` : text`exists now`
  const { kind } = workloadOfPod(first)
  const note = text`Pod ${target.name} is gone. Its ${kind}'s pod ${first.metadata.name} ${now}: this diagnosis is about it.`
  return { located: { found: 'pods', pods, note }, unseen: [] }
}

/** Finds pods with this name in other namespaces. */
async function podsElsewhere(cluster: Cluster, name: string, signal?: AbortSignal): Promise<Search> {
  const look = await lookFor(cluster, 'pods', { fields: { 'metadata.name': name } }, signal)
  return {
    unseen: [],
    candidates: orderPods(look.items).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  }
}

async function nearOwners(
  cluster: Cluster,
  kind: OwnerKind,
  name: string,
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<Search> {
  const look = await lookFor(cluster, kind, { ...(namespace && { namespace }), limit: nearLimit }, signal)
  const candidates = look.items.map(({ metadata }) => ({
    names: [metadata.name],
    fails: false,
    target: `${metadata.namespace}/${kind.replace(/s$/, '')}/${metadata.name}`,
  }))
  return { unseen: look.unseen, candidates: nearCandidates(name, candidates) }
}
