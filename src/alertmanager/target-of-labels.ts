import type { AlertTarget } from '../incidents/alert.ts'
import { isDnsName } from './is-dns-name.ts'

type Labels = Readonly<Record<string, string>>

/** Labels that name a workload, as kube-state-metrics has them. */
const workloads = ['deployment', 'statefulset', 'daemonset', 'replicaset', 'job_name', 'cronjob', 'workload'] as const

/**
 * What labels say that an alert is about. Where `honor_labels` is off, those of kube-state-metrics itself stand under the
 * plain names. Without a usable name of a pod it is about less: never about what its words could be made to mean.
 * https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
 */
export function targetOfLabels(labels: Labels): AlertTarget {
  const namespace = nameIn(labels, 'namespace')
  if (namespace === undefined) return { about: 'cluster' }
  const pod = nameIn(labels, 'pod')
  if (pod !== undefined) return { about: 'pod', namespace, pod }
  const name = workloads.map((it) => nameIn(labels, it)).find((it) => it !== undefined)
  return name === undefined ? { about: 'namespace', namespace } : { about: 'workload', namespace, name }
}

function nameIn(labels: Labels, label: string): string | undefined {
  const name = labels[`exported_${label}`] ?? labels[label]
  return name !== undefined && isDnsName(name) ? name : undefined
}
