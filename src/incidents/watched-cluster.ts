import type { Cluster } from '../kubernetes/cluster.ts'
import type { World } from '../playbooks/image-pull/diagnose.ts'

/** A cluster that incidents are about, and what a diagnosis there may use. */
export interface WatchedCluster {
  readonly name: string
  readonly cluster: Cluster
  /** None: all of them. */
  readonly namespaces: readonly string[]
  /** Fresh for each diagnosis, so that it resolves names anew. */
  world(): Pick<World, 'cluster' | 'registry' | 'permissions' | 'settings'>
}

/** By their names. */
export type WatchedClusters = ReadonlyMap<string, WatchedCluster>
