import { type ResourceName, resources } from '../../../kubernetes/resources.ts'

/** `apps`; empty for the core group. */
export function groupOf(resource: ResourceName): string {
  const { api } = resources[resource]
  return api === '/api/v1' ? '' : (api.split('/')[2] ?? '')
}

/** `apps/v1`; `v1` for the core group. */
export function apiVersionOf(resource: ResourceName): string {
  return resources[resource].api.split('/').slice(2).join('/')
}

/** `deployments.apps`: what the API server calls a resource that is not of the core group. */
export function groupResource(resource: ResourceName): string {
  return [resource, groupOf(resource)].filter(Boolean).join('.')
}

/** By its kind: `NetworkPolicy` is networkpolicies. undefined: a kind that is not kept here. */
export function resourceOfKind(kind: string): ResourceName | undefined {
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies')
  return isResource(plural) ? plural : undefined
}

function isResource(name: string): name is ResourceName {
  return Object.hasOwn(resources, name)
}

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
