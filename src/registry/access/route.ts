import { setTimeout as sleep } from 'node:timers/promises'
import { RegistryError } from '../errors.ts'
import type { HttpAnswer } from '../http/guarded-http.ts'
import type { ApiAnswer, ApiRequest, RegistryHttp } from '../http/registry-http.ts'
import type { InCluster } from '../registry.ts'

export interface DetourRequest {
  readonly service: InCluster
  readonly method: 'GET' | 'HEAD'
  /** With its query: `/v2/_catalog?n=100`. */
  readonly path: string
  readonly accept: string
  /** Bytes. */
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

export interface DetourAnswer extends Omit<HttpAnswer, 'url'> {
  /** How it was asked, for a reader who asks again. */
  readonly asked: string
}

/** A way to a registry in the cluster that is not a connection from here. It carries no logins. Throws RegistryError. */
export type Detour = (request: DetourRequest) => Promise<DetourAnswer>

/**
 * `auto`: a connection from here, and for a registry in the cluster the API server's proxy where that fails or takes long.
 * `proxy` and `exec`: only for one in the cluster, and never a connection from here.
 */
export type Access = 'auto' | 'direct' | 'proxy' | 'exec' | 'none'

export interface Detours {
  readonly proxy: Detour
  readonly exec: Detour
}

/** Milliseconds that a connection from here has the field to itself. A Service's address that leads nowhere never answers. */
const headStart = 400

/** Registries that run in the cluster may be asked by another way; all others as before. */
export function withDetours(direct: RegistryHttp, detours: Detours, accessTo: (host: string) => Access): RegistryHttp {
  let requests = 0
  /** Hosts that could only be asked by the detour. */
  const around = new Set<string>()

  async function by(detour: Detour, request: ApiRequest): Promise<ApiAnswer> {
    const { service, signal, credential } = request.question
    if (!service) throw new RegistryError('not-allowed', request.path, `${request.host} does not run in this cluster`)
    requests += 1
    const { method, limit, accept = 'application/json' } = request
    const path = `/v2/${request.path}`
    const { asked, ...answer } = await detour({ service, method, path, accept, limit, signal })
    // What a registry refuses to everybody it may give to those who log in.
    if (credential && (answer.status === 401 || answer.status === 403))
      throw new RegistryError('not-allowed', asked, `${request.host} wants a login, which cannot be sent this way`)
    const url = new URL(`http://${service.name}.${service.namespace}${path}`)
    return { answer: { ...answer, url }, asked: { method, url: asked } }
  }

  async function auto(request: ApiRequest): Promise<ApiAnswer> {
    const first = direct.ask(request)
    if ((await outcomeWithin(headStart, first)) === 'answered') return first
    const second = by(detours.proxy, request).then((answer) => {
      around.add(request.host)
      return answer
    })
    return Promise.any([first, second]).catch(() => first)
  }

  return {
    async ask(request) {
      const access = accessTo(request.host)
      if (access === 'none') throw new RegistryError('not-allowed', request.path, `${request.host} is not to be asked`)
      if (access === 'proxy' || access === 'exec') return by(detours[access], request)
      if (access === 'direct' || !request.question.service) return direct.ask(request)
      return around.has(request.host) ? by(detours.proxy, request) : auto(request)
    },
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
