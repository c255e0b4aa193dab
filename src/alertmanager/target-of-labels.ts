import type { AlertTarget } from '../incidents/alert.ts'
import { isExporter, objectOf, roleOf } from '../target/object-labels.ts'

export type Labels = Readonly<Record<string, string>>

/** What labels say that an alert is about. Without a usable name of a pod it is about less: never about what its words could be made to mean. */
export function targetOfLabels(labels: Labels): AlertTarget {
  const { namespace, kind, name } = objectOf(Object.entries(labels))
  if (namespace === undefined) return { about: 'cluster' }
  if (name === undefined) return { about: 'namespace', namespace }
  if (kind === 'Pod') return { about: 'pod', namespace, pod: name }
  return { about: 'workload', namespace, name, ...(kind && { kind }) }
}

/**
 * The cluster that labels name: a label whose value is the name of a known cluster, the configured one first; else what the
 * configured one says, cut. Empty: they do not tell.
 */
export function clusterOfLabels(labels: Labels, clusterLabel: string, clusters: ReadonlySet<string>): string {
  const own = labelValue(labels, clusterLabel)
  if (own !== undefined && clusters.has(own)) return own
  const others = Object.entries(labels).filter(([label]) => roleOf(label)?.role === 'cluster')
  const known = others.find(([, value]) => clusters.has(value))?.[1]
  return (known ?? own ?? others[0]?.[1] ?? '').slice(0, 253)
}

/** A label's own value: `constructor` is a name like any other. */
export function labelValue(labels: Labels, label: string): string | undefined {
  return Object.hasOwn(labels, label) ? labels[label] : undefined
}

/**
 * Whether these labels show that Prometheus scrapes kube-state-metrics without `honorLabels`: its own names then stand where
 * those of the object should. Google's managed Prometheus always renames them, and keeps them whole.
 */
export function lacksHonorLabels(labels: Labels): boolean {
  const pod = labelValue(labels, 'pod') ?? ''
  if (Object.hasOwn(labels, 'project_id') || !isExporter(pod)) return false
  if (['exported_pod', 'exported_namespace', 'exported_container'].some((it) => Object.hasOwn(labels, it))) return true
  const { kind, name } = objectOf(Object.entries(labels))
  return kind === 'Pod' && name === pod && !Object.hasOwn(labels, 'container')
}
