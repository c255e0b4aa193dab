import type { Pod, Resource } from '../kubernetes/resources.ts'

type Node = Resource<'nodes'>

/**
 * Whether the scheduler could put the pod on this node: by nodeName, nodeSelector, required node affinity and taints. Free
 * capacity is not counted, and a cordoned node counts: both may be otherwise tomorrow.
 */
export function fits({ spec }: Pod, node: Node): boolean {
  const { labels, name } = node.metadata
  if (spec.nodeName) return spec.nodeName === name
  const selected = Object.entries(spec.nodeSelector).every(([key, value]) => labels[key] === value)
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  const near = !terms || terms.some((term) => matchesTerm(term, node))
  return selected && near && node.spec.taints.every((taint) => isTolerated(taint, spec.tolerations))
}

type Spec = Pod['spec']
type Term = NonNullable<
  NonNullable<NonNullable<Spec['affinity']>['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>['nodeSelectorTerms'][number]

/** An empty term selects no node: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#NodeSelectorTerm */
function matchesTerm({ matchExpressions, matchFields }: Term, { metadata }: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false
  const fields = { 'metadata.name': metadata.name }
  return matchExpressions.every((it) => matches(it, metadata.labels)) && matchFields.every((it) => matches(it, fields))
}

function matches(
  { key, operator, values }: Term['matchExpressions'][number],
  of: Readonly<Record<string, string>>,
): boolean {
  const value = of[key]
  if (operator === 'Exists') return value !== undefined
  if (operator === 'DoesNotExist') return value === undefined
  if (operator === 'NotIn') return value === undefined || !values.includes(value)
  if (value === undefined) return false
  if (operator === 'Gt') return Number(value) > Number(values[0])
  if (operator === 'Lt') return Number(value) < Number(values[0])
  return values.includes(value)
}

/** What the cluster itself sets on a node for a while: it goes by itself, or the pod's own controller tolerates it. */
const passing = /^node\.kubernetes\.io\/(?:not-ready|unreachable|unschedulable|.+-pressure|network-unavailable)$/

function isTolerated(taint: Node['spec']['taints'][number], tolerations: Spec['tolerations']): boolean {
  if (taint.effect === 'PreferNoSchedule' || passing.test(taint.key)) return true
  return tolerations.some(
    (it) =>
      (it.effect === '' || it.effect === taint.effect) &&
      (it.key === '' ? it.operator === 'Exists' : it.key === taint.key) &&
      (it.operator === 'Exists' || it.value === taint.value),
  )
}

/** What a node runs: `linux/arm64`. */
export function platformOf({ status }: Node): string {
  const { operatingSystem, architecture } = status.nodeInfo
  return `${operatingSystem}/${architecture}`
}
