import { check } from '../../../diagnosis/check.ts'
import type { Resource } from '../../../kubernetes/resources.ts'
import { theCluster } from '../givens.ts'
import { registryBackend } from './registry-backend.ts'

/** NetworkPolicies that select a pod of the in-cluster registry and restrict who may connect to it. */
export const registryPolicies = check({
  id: 'registry-policies',
  doing: 'Looking for network policies of the registry',
  needs: { cluster: theCluster, backend: registryBackend },
  async gather({ cluster, backend }, signal): Promise<readonly string[]> {
    if (!backend || backend.pods.length === 0) return []
    const { items } = await cluster.list('networkpolicies', { namespace: backend.namespace }, signal)
    const selecting = items.filter(
      ({ spec }) => restrictsIngress(spec) && backend.pods.some((pod) => selects(spec, pod.labels)),
    )
    return selecting.map(({ metadata }) => metadata.name)
  },
})

type Spec = Resource<'networkpolicies'>['spec']

/** "If this field is not specified, it will default based on the existence of ingress or egress rules" with Ingress always set. */
function restrictsIngress({ policyTypes }: Spec): boolean {
  return policyTypes.length === 0 || policyTypes.includes('Ingress')
}

function selects(
  { podSelector: { matchLabels, matchExpressions } }: Spec,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((expression) => matches(expression, labels))
  )
}

type Expression = Spec['podSelector']['matchExpressions'][number]

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements */
function matches({ key, operator, values }: Expression, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[key]
  if (operator === 'Exists') return value !== undefined
  if (operator === 'DoesNotExist') return value === undefined
  if (operator === 'NotIn') return value === undefined || !values.includes(value)
  return value !== undefined && values.includes(value)
}
