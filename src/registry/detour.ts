import type { HttpAnswer } from './guarded-http.ts'
import type { InCluster } from './registry.ts'

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
