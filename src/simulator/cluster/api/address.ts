import { type ResourceName, resources } from '../../../kubernetes/resources.ts'

/** What a request is about. */
export interface ApiAddress {
  readonly verb: Verb
  readonly resource: ResourceName
  /** Empty: of no namespace, or of all. */
  readonly namespace: string
  /** Empty: of the collection. */
  readonly name: string
  /** `log`, `proxy`, `exec`; empty: the object itself. */
  readonly subresource: string
  /** What is behind a proxy: `/v2/_catalog`. */
  readonly rest: string
  readonly query: URLSearchParams
}

/** undefined: no resource is there, or none that this method is for. */
export function apiAddress(method: string, path: string): ApiAddress | undefined {
  const url = new URL(path, 'https://memory.test')
  const resource = (Object.keys(resources) as ResourceName[]).find((it) => partsBelow(url, it)) // its own keys
  if (!resource) return undefined
  const [namespace = '', name = '', subresource = '', ...rest] = partsBelow(url, resource) ?? []
  const verb = verbOf(method, name)
  if (!verb) return undefined
  return { verb, resource, namespace, name, subresource, rest: `/${rest.join('/')}`, query: url.searchParams }
}

/** Namespace, name, subresource and what follows. undefined: the path is not the resource's. */
function partsBelow({ pathname }: URL, resource: ResourceName): readonly string[] | undefined {
  const { api } = resources[resource]
  if (!pathname.startsWith(`${api}/`)) return undefined
  const parts = pathname
    .slice(api.length + 1)
    .split('/')
    .map(decodeURIComponent)
  const placed = parts[0] === 'namespaces' && parts.length > 2 ? parts.slice(1) : ['', ...parts]
  return placed[1] === resource ? [placed[0] ?? '', ...placed.slice(2)] : undefined
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb */
function verbOf(method: string, name: string): Verb | undefined {
  if (method === 'GET' || method === 'HEAD') return name ? 'get' : 'list'
  if (method === 'POST') return 'create'
  if (method === 'PATCH') return 'patch'
  return method === 'DELETE' && name ? 'delete' : undefined
}

/** `a=b,c=d` of a label or field selector, with the escapes of apimachinery's `fields.EscapeValue`. */
export function selectorPairs(selector: string | null): readonly (readonly [key: string, value: string])[] {
  const pairs = selector ? selector.split(/(?<!\\),/) : []
  return pairs.map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), pair.slice(at + 1).replaceAll(/\\(.)/g, '$1')]
  })
}

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
