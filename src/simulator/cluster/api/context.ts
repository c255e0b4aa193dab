import type { Clock } from '../../clock.ts'
import type { Rule } from './resource-names.ts'
import type { ObjectStore } from './store.ts'

export interface ApiServerOptions {
  /** What the ServiceAccount may not do. */
  readonly forbid?: readonly Rule[]
  /** What gets no answer until the caller gives up. */
  readonly hang?: readonly Rule[]
  /** By `namespace/pod/container`; with ` previous` behind it, the log of the container before. */
  readonly logs?: Readonly<Record<string, string>>
  readonly clock?: Clock
  /** Milliseconds that events are kept. Absent: for ever. */
  readonly eventsLast?: number
  /** Nodes run here: a pod that has one goes only when its kubelet says so. */
  readonly nodes?: Nodes
}

/** What the API server asks nodes for. */
export interface Nodes {
  /** As `logs`. */
  logOf(key: string): string | undefined
  /** The loopback port that stands for a port of a pod. undefined: nothing listens there. */
  portOf(podIp: string, port: number): number | undefined
}

/** What every handler works on. */
export interface ApiContext {
  readonly store: ObjectStore
  readonly clock: Clock
  readonly options: ApiServerOptions
}
