import type { Cluster } from '../kubernetes/cluster.ts'
import type { World } from '../playbooks/image-pull/diagnose.ts'

/** A cluster in which incidents are found, and what a diagnosis there may use. */
export interface WatchedCluster {
  readonly name: string
  readonly cluster: Cluster
  /** The namespaces that are watched. Empty: all of them. */
  readonly namespaces: readonly string[]
  /** The configured Git checkout, which is only read. */
  readonly gitDirectory: string | undefined
  /** Whether pull secrets may be read. */
  readonly readsSecrets: boolean
  /**
   * Reads the registries' files and creates clients. Call it once for each diagnosis, so that names are resolved again, and
   * close the registry afterwards: `withDiagnosis` does both.
   * @param answers `recent`: the diagnosis may use what a registry answered to another one some seconds ago. Default: `new`,
   * because the image may have been pushed since.
   */
  openDiagnosis(answers?: 'recent' | 'new'): OpenedDiagnosis
}

/** What one diagnosis uses. */
export type OpenedDiagnosis = Pick<World, 'cluster' | 'registry' | 'permissions' | 'settings'>

/** The watched clusters by name. */
export type WatchedClusters = ReadonlyMap<string, WatchedCluster>

/** Opens what one diagnosis uses, and closes its registry connections when `work` has ended. */
export async function withDiagnosis<T>(
  watched: Pick<WatchedCluster, 'openDiagnosis'>,
  answers: 'recent' | 'new',
  work: (opened: OpenedDiagnosis) => Promise<T>,
): Promise<T> {
  const opened = watched.openDiagnosis(answers)
  try {
    return await work(opened)
  } finally {
    opened.registry.close()
  }
}
