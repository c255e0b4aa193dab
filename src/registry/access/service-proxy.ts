import type { Cluster } from '../../kubernetes/cluster.ts'
import { RegistryError } from '../errors.ts'
import type { AccessRoute } from './route.ts'

/** Asks through the API server's Service proxy, which also works when imagepull runs outside the cluster. */
export function createProxyRoute(cluster: Cluster): AccessRoute {
  return async ({ service, method, path, accept, limit, signal }) => {
    try {
      const answer = await cluster.proxy({ service, method, path, accept, limitBytes: limit }, signal)
      return { ...answer, asked: withoutQuery(answer.path) }
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      const message = `Service ${service.namespace}/${service.name} could not be asked through the API server: ${words}`
      throw new RegistryError('unreachable', `${method} ${path}`, message, { cause: error })
    }
  }
}

function withoutQuery(path: string): string {
  return path.replace(/\?.*$/s, '')
}
