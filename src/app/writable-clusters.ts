import type { Configuration } from '../config/configuration.ts'
import type { WatchedClusters } from '../incidents/watched-cluster.ts'
import type { ClusterWrites } from '../kubernetes/cluster-writes.ts'
import { connectWrites } from '../kubernetes/connect-writes.ts'

/**
 * What changes the clusters that are watched, by their names. Nothing is connected to before something is done. Throws
 * KubeconfigError.
 */
export function writableClusters(
  clusters: WatchedClusters,
  { clusters: configured }: Pick<Configuration, 'clusters'>,
  kubeconfig: string | undefined,
): ReadonlyMap<string, ClusterWrites> {
  const contexts = new Map(configured.map(({ name, context }) => [name, context]))
  return new Map([...clusters.keys()].map((name) => [name, connectWrites({ kubeconfig, context: contexts.get(name) })]))
}
