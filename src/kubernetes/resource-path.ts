import { type ResourceName, resources } from './resources.ts'

/** Where the API server has an object, or the collection that it is in. */
export function resourcePath(resource: ResourceName, namespace: string | undefined, name?: string): string {
  const { api, namespaced } = resources[resource]
  const place = namespaced && namespace ? ['namespaces', namespace] : []
  return [api, ...[...place, resource, ...(name ? [name] : [])].map(encodeURIComponent)].join('/')
}
