import { type Build, isActive } from '../builds/build.ts'
import { findBuilds } from '../builds/find-builds.ts'
import type { Cluster } from '../kubernetes/cluster.ts'

/** A build that pushes one of these now, so that another beside it would be one too many. Throws ClusterError. */
export async function activeBuild(
  cluster: Cluster,
  destinations: readonly string[],
  signal: AbortSignal,
): Promise<Build | undefined> {
  const { builds } = await findBuilds(cluster, signal)
  return builds.find((it) => isActive(it) && it.destinations.some((one) => destinations.includes(one)))
}
