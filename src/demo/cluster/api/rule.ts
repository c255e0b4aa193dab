import type { ResourceName } from '../../../kubernetes/resources.ts'

export type Verb = 'get' | 'list' | 'create' | 'delete' | 'patch'

export interface Rule {
  readonly verb: Verb
  readonly resource: ResourceName | 'pods/log' | 'pods/exec' | 'services/proxy' | 'selfsubjectaccessreviews'
  /** Absent: in every namespace, and across all of them. A list across all is refused too where one namespace is. */
  readonly namespace?: string
}

export interface Attempt {
  readonly verb: string
  /** With its subresource: `pods/log`. */
  readonly resource: string
  readonly namespace: string
}

export function ruleApplies(rule: Rule, { verb, resource, namespace }: Attempt): boolean {
  if (rule.verb !== verb || rule.resource !== resource) return false
  return !rule.namespace || !namespace || rule.namespace === namespace
}
