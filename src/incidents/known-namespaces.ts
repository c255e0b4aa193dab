import type { Alerts } from './alert-records.ts'
import type { WatchedCluster } from './watched-cluster.ts'

const most = 5_000

/** The names of a cluster's namespaces, where a post of several alerts has to be understood. undefined: nobody can say. */
export async function knownNamespaces(
  { cluster, namespaces }: WatchedCluster,
  alerts: readonly Alerts[],
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  if (namespaces.length > 0) return new Set(namespaces)
  if (!alerts.some(({ target }) => target.about === 'words' && target.several)) return undefined
  const seen = await cluster.list('namespaces', { limit: most }, signal).catch(() => undefined)
  return seen?.complete ? new Set(seen.items.map(({ metadata }) => metadata.name)) : undefined
}
