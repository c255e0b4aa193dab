import { type ResourceName, resources } from '../../../kubernetes/resources.ts'

/** The target of a request. */
export interface ApiAddress {
  readonly verb: Verb
  readonly resource: ResourceName
  /** Empty: no namespace, or all. */
  readonly namespace: string
  /** Empty: the collection. */
  readonly name: string
  /** `log`, `proxy`, `exec`; empty: the object itself. */
  readonly subresource: string
  /** The path behind a proxy: `/v2/_catalog`. */
  readonly rest: string
  readonly query: URLSearchParams
}

/** Parses a request. undefined: there is no such resource, or it does not support the method. */
export function apiAddress(method: string, path: string): ApiAddress | undefined {
  const url = new URL(path, 'https://memory.test')
  const resource = (Object.keys(resources) as ResourceName[]).find((it) => partsBelow(url, it)) // its own keys
  if (!resource) return undefined
  const [namespace = '', name = '', subresource = '', ...rest] = partsBelow(url, resource) ?? []
  const verb = isWatch(method, url) ? 'watch' : verbOf(method, name)
  if (!verb) return undefined
  return { verb, resource, namespace, name, subresource, rest: `/${rest.join('/')}`, query: url.searchParams }
}

/** Splits a path into namespace, name, subresource and the rest. undefined: the path belongs to another resource. */
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

function isWatch(method: string, { searchParams }: URL): boolean {
  return method === 'GET' && ['true', '1'].includes(searchParams.get('watch') ?? '')
}

/** Parses `a=b,c=d` of a label or field selector, with the escapes of apimachinery's `fields.EscapeValue`. */
export function selectorPairs(selector: string | null): readonly (readonly [key: string, value: string])[] {
  const pairs = selector ? selector.split(/(?<!\\),/) : []
  return pairs.map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), pair.slice(at + 1).replaceAll(/\\(.)/g, '$1')]
  })
}

/** Returns the API group: `apps`. Empty: the core group. */
export function groupOf(resource: ResourceName): string {
  const { api } = resources[resource]
  return api === '/api/v1' ? '' : (api.split('/')[2] ?? '')
}

/** Returns the apiVersion: `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(resource: ResourceName): string {
  return resources[resource].api.split('/').slice(2).join('/')
}

/** Returns the API server's name of a resource with its group: `deployments.apps`. */
export function groupResource(resource: ResourceName): string {
  return [resource, groupOf(resource)].filter(Boolean).join('.')
}

/** Finds the resource of a kind: `networkpolicies` for `NetworkPolicy`. undefined: the kind is not supported. */
export function resourceOfKind(kind: string): ResourceName | undefined {
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies')
  return isResource(plural) ? plural : undefined
}

function isResource(name: string): name is ResourceName {
  return Object.hasOwn(resources, name)
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'delete' | 'patch'

export interface Rule {
  readonly verb: Verb
  readonly resource: ResourceName | 'pods/log' | 'pods/exec' | 'services/proxy' | 'selfsubjectaccessreviews'
  /** Absent: every namespace. A list of all namespaces is also refused if one of them is forbidden. */
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
