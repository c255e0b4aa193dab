import type { Cluster } from '../kubernetes/cluster.ts'
import type { World } from '../playbooks/image-pull/diagnose.ts'

/** A cluster that incidents are about, and what a diagnosis there may use. */
export interface WatchedCluster {
  readonly name: string
  readonly cluster: Cluster
  /** None: all of them. */
  readonly namespaces: readonly string[]
  /** The Git checkout that is read, as configured. */
  readonly gitDirectory: string | undefined
  /** Whether pull secrets may be read. */
  readonly readsSecrets: boolean
  /**
   * Reads the registries' files and opens clients: once for each diagnosis, so that names are resolved again. `recent`: what
   * a registry answered to another diagnosis some seconds ago will do. Default: `new`, as the image may be there by now.
   */
  openDiagnosis(answers?: 'recent' | 'new'): Pick<World, 'cluster' | 'registry' | 'permissions' | 'settings'>
}

/** By their names. */
export type WatchedClusters = ReadonlyMap<string, WatchedCluster>

/** Milliseconds. Tests have no time to wait. */
export interface Pauses {
  /** Until the cluster is looked at after a check, and between looks while something is open. */
  readonly look: number
  /** Until an open incident is diagnosed anew. */
  readonly diagnosis: number
  /** For a whole diagnosis: then the verdict is of what is known so far, and names what ran out of time. */
  readonly check: number
  /** That a workload must be ready before it counts as recovered. */
  readonly proven: number
}

export const usualPauses: Pauses = { look: 15_000, diagnosis: 5 * 60_000, check: 20_000, proven: 60_000 }
