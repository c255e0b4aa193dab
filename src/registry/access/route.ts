import { setTimeout as sleep } from 'node:timers/promises'
import { RegistryError } from '../errors.ts'
import type { ApiAnswer, ApiRequest, RegistryHttp } from '../http/api.ts'
import type { HttpAnswer } from '../http/guarded-http.ts'
import type { InCluster } from '../registry.ts'

export interface RouteRequest {
  readonly service: InCluster
  readonly method: 'GET' | 'HEAD'
  /** With its query: `/v2/_catalog?n=100`. */
  readonly path: string
  readonly accept: string
  /** Bytes. */
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

export interface RouteAnswer extends Omit<HttpAnswer, 'url'> {
  /** The route and path, so that a reader can repeat the request. */
  readonly asked: string
}

/** Reaches a registry in the cluster without a direct connection. A route sends no credentials. Throws RegistryError. */
export type AccessRoute = (request: RouteRequest) => Promise<RouteAnswer>

/**
 * `auto`: a direct connection; for a registry in the cluster the API server's proxy takes over if that fails or is slow.
 * `proxy` and `exec`: only for a registry in the cluster, and never directly.
 */
export type Access = 'auto' | 'direct' | 'proxy' | 'exec' | 'none'

export interface AccessRoutes {
  readonly proxy: AccessRoute
  readonly exec: AccessRoute
}

/** Milliseconds until the proxy is tried beside the direct connection: a Service address without a route never answers. */
const headStart = 400

/** Adds access routes for registries that run in the cluster. All other registries are reached directly. */
export function withAccessRoutes(
  direct: RegistryHttp,
  routes: AccessRoutes,
  accessTo: (host: string) => Access,
): RegistryHttp {
  let requests = 0
  /** Hosts that only the proxy has reached so far. */
  const proxied = new Set<string>()

  async function askThrough(route: AccessRoute, request: ApiRequest): Promise<ApiAnswer> {
    const { service, signal, credential } = request.question
    if (!service) throw new RegistryError('not-allowed', request.path, `${request.host} does not run in this cluster`)
    requests += 1
    const { method, limit, accept = 'application/json' } = request
    const path = `/v2/${request.path}`
    const { asked, ...answer } = await route({ service, method, path, accept, limit, signal })
    // A registry that refuses an anonymous request may accept one with a login.
    if (credential && (answer.status === 401 || answer.status === 403))
      throw new RegistryError('not-allowed', asked, `${request.host} wants a login, which cannot be sent this way`)
    const url = new URL(`http://${service.name}.${service.namespace}${path}`)
    return { answer: { ...answer, url }, asked: { method, url: asked } }
  }

  async function auto(request: ApiRequest): Promise<ApiAnswer> {
    const first = direct.ask(request)
    if ((await outcomeWithin(headStart, first)) === 'answered') return first
    const second = askThrough(routes.proxy, request).then((answer) => {
      proxied.add(request.host)
      return answer
    })
    return Promise.any([first, second]).catch(() => first)
  }

  return {
    async ask(request) {
      const access = accessTo(request.host)
      if (access === 'none')
        throw new RegistryError('not-allowed', request.path, `${request.host} is not contacted: its access is "none"`)
      if (access === 'proxy' || access === 'exec') return askThrough(routes[access], request)
      if (access === 'direct' || !request.question.service) return direct.ask(request)
      return proxied.has(request.host) ? askThrough(routes.proxy, request) : auto(request)
    },
    close: direct.close,
    get requests() {
      return direct.requests + requests
    },
  }
}

async function outcomeWithin(ms: number, promise: Promise<unknown>): Promise<'answered' | 'failed' | 'slow'> {
  const stop = new AbortController()
  const outcome = promise.then(
    () => 'answered' as const,
    () => 'failed' as const,
  )
  const slow = sleep(ms, 'slow' as const, { signal: stop.signal }).catch(() => 'slow' as const)
  return Promise.race([outcome, slow]).finally(() => stop.abort())
}
