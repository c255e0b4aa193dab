import type { AlertTarget } from './alert.ts'
import type { Alerts } from './alert-records.ts'
import type { Failure } from './failure.ts'

/**
 * Which alerts tell of each failure, of those that the cluster shows. An alert's own words prove nothing.
 * @param namespaces Of the cluster; undefined: nobody can say.
 */
export function alerted(
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
      return index.inNamespace(target.namespace).filter(({ workload }) => workload.name === target.name)
    case 'pod':
      return index.named(target.namespace, target.pod)
    case 'words':
      return worded(target, index)
  }
}

/**
 * The narrowest that the words name. A post of several alerts may name not even a namespace: then it is about any. One whose
 * namespace is well again is about nothing.
 */
function worded(
  { words, several }: Extract<AlertTarget, { about: 'words' }>,
  { all, namespaces }: Index,
): readonly Failure[] {
  const said = new Set(words)
  const pods = all.filter(({ pod }) => said.has(pod))
  if (pods.length > 0) return pods
  const inNamespace = all.filter(({ namespace }) => said.has(namespace))
  const workloads = inNamespace.filter(({ workload }) => said.has(workload.name))
  if (workloads.length > 0) return workloads
  const aboutAny = several && namespaces !== undefined && !words.some((word) => namespaces.has(word))
  return inNamespace.length > 0 || !aboutAny ? inNamespace : all
}
