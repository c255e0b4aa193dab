import { type ResourceName, resources } from '../../../kubernetes/resources.ts'
import type { Verb } from './resource-names.ts'

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
