import type { Failure } from '../failure.ts'
import type { WatchedCluster } from '../watched-cluster.ts'
import type { AlertTarget } from './alert.ts'
import type { Alerts } from './records.ts'

/**
 * Which alerts tell of each failure, of those that the cluster shows. An alert's own words prove nothing.
 * @param namespaces Of the cluster; undefined: nobody can say.
 */
export function matchAlerts(
  alerts: readonly Alerts[],
  failures: readonly Failure[],
  namespaces?: ReadonlySet<string>,
): ReadonlyMap<Failure, readonly Alerts[]> {
  const index = indexOf(failures, namespaces)
  const told = new Map<Failure, Alerts[]>()
  for (const of of alerts) {
    for (const failure of about(of.target, index)) {
      const others = told.get(failure)
      if (others) others.push(of)
      else told.set(failure, [of])
    }
  }
  return told
}

interface Index {
  readonly all: readonly Failure[]
  readonly namespaces: ReadonlySet<string> | undefined
  named(namespace: string, pod: string): readonly Failure[]
  inNamespace(namespace: string): readonly Failure[]
}

/** So that thousands of alerts and failures are compared once. */
function indexOf(all: readonly Failure[], namespaces: ReadonlySet<string> | undefined): Index {
  const places = Map.groupBy(all, ({ namespace }) => namespace)
  const pods = Map.groupBy(all, ({ namespace, pod }) => `${namespace}/${pod}`)
  return {
    all,
    namespaces,
    named: (namespace, pod) => pods.get(`${namespace}/${pod}`) ?? [],
    inNamespace: (namespace) => places.get(namespace) ?? [],
  }
}

function about(target: AlertTarget, index: Index): readonly Failure[] {
  switch (target.about) {
    case 'cluster':
      return index.all
    case 'namespace':
      return index.inNamespace(target.namespace)
    case 'workload':
      return index.inNamespace(target.namespace).filter((failure) => isOf(failure, target.name, target.kind))
    case 'pod':
      return index.named(target.namespace, target.pod)
    case 'words':
      return worded(target, index)
  }
}

/** Kinds that a pod of a Deployment, or of a CronJob, is of at the same time. */
const families: ReadonlyMap<string, string> = new Map([
  ['ReplicaSet', 'Deployment'],
  ['CronJob', 'Job'],
])
/** What a Deployment puts behind its name for a ReplicaSet, and a CronJob for a Job. */
const generated: ReadonlyMap<string, RegExp> = new Map([
  ['ReplicaSet', /-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/],
  ['Job', /-\d{8,10}$/],
])

/**
 * Whether a failing pod belongs to a workload of that name. `my-app-5d9cf86b95` and `report-29384756` are names of the
 * ReplicaSet and the Job between a pod and its workload.
 */
function isOf({ workload, pod }: Failure, name: string, kind?: string): boolean {
  if (kind && familyOf(kind) !== familyOf(workload.kind)) return false
  if (workload.name === name || (!kind && pod === name)) return true
  if (name.startsWith(`${workload.name}-`) && pod.startsWith(`${name}-`)) return true
  const suffix = generated.get(kind ?? '')
  if (suffix !== undefined && name.replace(suffix, '') === workload.name) return true
  const own = generated.get(workload.kind) // a CronJob's alert, and a failure that is known by its Job
  return own !== undefined && kind !== undefined && kind !== workload.kind && workload.name.replace(own, '') === name
}

function familyOf(kind: string): string {
  return families.get(kind) ?? kind
}

type Words = Extract<AlertTarget, { about: 'words' }>

/**
 * The narrowest that the words name. A post of several alerts may name not even a namespace: then it is about any. One whose
 * namespace is well again is about nothing.
 */
function worded(target: Words, index: Index): readonly Failure[] {
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

/** Pods, then workloads; of pods of one name those in a namespace that is named, too. */
function narrowest(all: readonly Failure[], inNamespace: readonly Failure[], said: ReadonlySet<string>) {
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

/** The names of a cluster's namespaces, where a post of several alerts has to be understood. undefined: nobody can say. */
export async function knownNamespaces(
  { cluster, namespaces }: WatchedCluster,
  alerts: readonly Alerts[],
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  if (namespaces.length > 0) return new Set(namespaces)
  if (!alerts.some(({ target }) => target.about === 'words' && target.several)) return undefined
  const seen = await cluster.list('namespaces', { limit: most }, signal).catch(() => undefined)
  return seen?.complete ? new Set(seen.items.map(({ metadata }) => metadata.name)) : undefined
}
