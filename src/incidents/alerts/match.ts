import { isWhole } from '../../kubernetes/cluster.ts'
import type { Failure } from '../failure.ts'
import type { WatchedCluster } from '../watched-cluster.ts'
import type { AlertTarget } from './alert.ts'
import type { AlertGroup } from './records.ts'

/** The alerts that are about each failure. */
export type AlertMatches = ReadonlyMap<Failure, readonly AlertGroup[]>

/**
 * Finds the alerts that are about each failure in a cluster. What an alert claims proves nothing, so an alert without a
 * failure matches nothing. @param namespaces The cluster's namespaces; undefined: they are not known.
 */
export function matchAlerts(
  alerts: readonly AlertGroup[],
  failures: readonly Failure[],
  namespaces?: ReadonlySet<string>,
): AlertMatches {
  const index = createIndex(failures, namespaces)
  const matches = new Map<Failure, AlertGroup[]>()
  for (const group of alerts) {
    for (const failure of findFailures(group.target, index)) {
      const others = matches.get(failure)
      if (others) others.push(group)
      else matches.set(failure, [group])
    }
  }
  return matches
}

interface Index {
  readonly all: readonly Failure[]
  readonly namespaces: ReadonlySet<string> | undefined
  named(namespace: string, pod: string): readonly Failure[]
  inNamespace(namespace: string): readonly Failure[]
}

/** Indexes the failures, so that thousands of alerts need not be compared with each of them. */
function createIndex(all: readonly Failure[], namespaces: ReadonlySet<string> | undefined): Index {
  const places = Map.groupBy(all, ({ namespace }) => namespace)
  const pods = Map.groupBy(all, ({ namespace, pod }) => `${namespace}/${pod}`)
  return {
    all,
    namespaces,
    named: (namespace, pod) => pods.get(`${namespace}/${pod}`) ?? [],
    inNamespace: (namespace) => places.get(namespace) ?? [],
  }
}

function findFailures(target: AlertTarget, index: Index): readonly Failure[] {
  switch (target.about) {
    case 'cluster':
      return index.all
    case 'namespace':
      return index.inNamespace(target.namespace)
    case 'workload':
      return index
        .inNamespace(target.namespace)
        .filter((failure) => belongsToWorkload(failure, target.name, target.kind))
    case 'pod':
      return index.named(target.namespace, target.pod)
    case 'words':
      return findByWords(target, index)
  }
}

/** Kinds that count as one: a pod of a Deployment is also one of a ReplicaSet, and a pod of a CronJob one of a Job. */
const families: ReadonlyMap<string, string> = new Map([
  ['ReplicaSet', 'Deployment'],
  ['CronJob', 'Job'],
])
/** The suffix that a Deployment appends to its name for a ReplicaSet, and a CronJob for a Job. */
const generated: ReadonlyMap<string, RegExp> = new Map([
  ['ReplicaSet', /-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/],
  ['Job', /-\d{8,10}$/],
])

/**
 * Tells whether a failing pod belongs to a workload of that name. The name may also be that of the ReplicaSet or Job between
 * the pod and its workload, such as `my-app-5d9cf86b95` or `report-29384756`.
 */
function belongsToWorkload({ workload, pod }: Failure, name: string, kind?: string): boolean {
  if (kind && toFamily(kind) !== toFamily(workload.kind)) return false
  if (workload.name === name || (!kind && pod === name)) return true
  if (name.startsWith(`${workload.name}-`) && pod.startsWith(`${name}-`)) return true
  const suffix = generated.get(kind ?? '')
  if (suffix !== undefined && name.replace(suffix, '') === workload.name) return true
  const own = generated.get(workload.kind) // a CronJob's alert about a failure whose workload is the Job
  return own !== undefined && kind !== undefined && kind !== workload.kind && workload.name.replace(own, '') === name
}

function toFamily(kind: string): string {
  return families.get(kind) ?? kind
}

type Words = Extract<AlertTarget, { about: 'words' }>

/**
 * Finds the most specific objects that the words name. A post of several alerts that names no known namespace is about every
 * failure. A post whose namespace has no failure any more is about none.
 */
function findByWords(target: Words, index: Index): readonly Failure[] {
  const { words, several, namespace } = target
  const { namespaces } = index
  const all = namespace === undefined ? index.all : index.inNamespace(namespace)
  const said = new Set(words)
  const inNamespace = namespace === undefined ? all.filter((it) => said.has(it.namespace)) : all
  const named = narrowest(all, inNamespace, said)
  if (named.length > 0) return named
  const places = words.filter((word) => word.includes('/')).map((word) => word.split('/')[0] ?? '')
  const aboutAny = several && namespaces !== undefined && ![...words, ...places].some((word) => namespaces.has(word))
  return inNamespace.length > 0 || !aboutAny ? inNamespace : all
}

/** Prefers pods to workloads, and of several pods with one name those in a namespace that is also named. */
function narrowest(
  all: readonly Failure[],
  inNamespace: readonly Failure[],
  said: ReadonlySet<string>,
): readonly Failure[] {
  const placed = all.filter(
    ({ namespace, pod, workload }) => said.has(`${namespace}/${pod}`) || said.has(`${namespace}/${workload.name}`),
  )
  if (placed.length > 0) return placed
  const pods = all.filter(({ pod }) => said.has(pod))
  const near = pods.filter(({ namespace }) => said.has(namespace))
  if (pods.length > 0) return near.length > 0 ? near : pods
  return inNamespace.filter(({ pod, workload }) => said.has(workload.name) || said.has(pod.replace(/-[^-]*$/, '')))
}

const most = 5_000

/** Reads the names of a cluster's namespaces if a post of several alerts needs them. undefined: they are not known. */
export async function knownNamespaces(
  { cluster, namespaces }: WatchedCluster,
  alerts: readonly AlertGroup[],
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  if (namespaces.length > 0) return new Set(namespaces)
  if (!alerts.some(({ target }) => target.about === 'words' && target.several)) return undefined
  const seen = await cluster.list('namespaces', { limit: most }, signal).catch(() => undefined)
  return seen && isWhole(seen) ? new Set(seen.items.map(({ metadata }) => metadata.name)) : undefined
}
