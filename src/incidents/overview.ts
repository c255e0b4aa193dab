import { ClusterError } from '../kubernetes/cluster-error.ts'
import type { Pod } from '../kubernetes/resources.ts'
import { isPullWaiting } from '../target/is-pull-waiting.ts'
import { type Look, lookFor } from '../target/look-for.ts'
import { text } from '../text.ts'
import type { Silent } from './ask.ts'
import { failureOf } from './failure.ts'
import { type FailureRow, rowsOf } from './failure-rows.ts'
import type { WatchedCluster } from './watched-cluster.ts'

/** What cannot pull in one cluster now: rows by registry and image, never by pod. */
export interface Overview {
  readonly cluster: string
  readonly rows: readonly FailureRow[]
  /** All pods and namespaces, as far as they could be counted. */
  readonly pods?: number
  readonly namespaces?: number
  /** What could not be looked at: "pods in shop". */
  readonly unseen: readonly string[]
}

const podLimit = 5_000

/** @param time Milliseconds for the cluster to answer. */
export async function overviewOf(
  watched: WatchedCluster,
  namespaces: readonly string[],
  signal: AbortSignal,
  time: number,
): Promise<Overview | Silent> {
  try {
    return await look(watched, namespaces, AbortSignal.any([signal, AbortSignal.timeout(time)]))
  } catch (error) {
    if (signal.aborted || !(error instanceof ClusterError)) throw error
    return { cluster: watched.name, reason: text`${error.message}` }
  }
}

async function look(watched: WatchedCluster, allowed: readonly string[], signal: AbortSignal): Promise<Overview> {
  const { cluster, name } = watched
  const some = allowed.includes('*') ? watched.namespaces : allowed
  const pending = { fields: { 'status.phase': 'Pending' }, limit: podLimit }
  const places = some.length > 0 ? some.map((namespace) => ({ ...pending, namespace })) : [pending]
  const [looks, counts] = await Promise.all([
    Promise.all(places.map((where) => lookFor(cluster, 'pods', where, signal))),
    some.length > 0 ? {} : countsOf(watched, signal),
  ])
  const refusal = looks.every((it) => it.refusal) ? looks[0]?.refusal : undefined
  if (refusal) throw refusal
  const pods = looks.flatMap(({ items }: Look<Pod>) => items).filter(isPullWaiting)
  const failures = pods.flatMap((pod) => failureOf(name, pod, new Date()) ?? [])
  return { cluster: name, rows: rowsOf(failures), ...counts, unseen: [...new Set(looks.flatMap((it) => it.unseen))] }
}

/** Lists of one item: the server says how many more there are. */
async function countsOf(
  { cluster }: WatchedCluster,
  signal: AbortSignal,
): Promise<Pick<Overview, 'pods' | 'namespaces'>> {
  async function count(resource: 'pods' | 'namespaces'): Promise<number | undefined> {
    const seen = await cluster.list(resource, { limit: 1 }, signal).catch(() => undefined)
    if (!seen || (!seen.complete && seen.more === undefined)) return undefined
    return seen.items.length + (seen.more ?? 0)
  }
  const [pods, namespaces] = await Promise.all([count('pods'), count('namespaces')])
  return { ...(pods !== undefined && { pods }), ...(namespaces !== undefined && { namespaces }) }
}
