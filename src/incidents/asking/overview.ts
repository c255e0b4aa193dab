import { ClusterError } from '../../kubernetes/errors.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import { isPullWaiting } from '../../target/pods.ts'
import { type Look, lookFor } from '../../target/target.ts'
import { type Text, text } from '../../text.ts'
import { type FailureRow, toFailure, toFailureRows } from '../failure.ts'
import type { WatchedCluster } from '../watched-cluster.ts'

/** The images that cannot be pulled in one cluster now, by registry and image. */
export interface Overview {
  readonly cluster: string
  readonly rows: readonly FailureRow[]
  /** The number of all pods and namespaces, if they could be counted. */
  readonly pods?: number
  readonly namespaces?: number
  /** What could not be read: "pods in shop". */
  readonly unseen: readonly string[]
}

/** A cluster that did not answer. */
export interface SilentCluster {
  readonly cluster: string
  readonly reason: Text
}

const podLimit = 5_000

/**
 * Reads the pending pods of a cluster. A cluster that does not answer is reported, and hides no other.
 * @param allowed Namespaces that may be read, or `*`. @param timeout Milliseconds.
 */
export async function readOverview(
  watched: WatchedCluster,
  allowed: readonly string[],
  timeout: number,
  signal: AbortSignal,
): Promise<Overview | SilentCluster> {
  try {
    return await readPending(watched, allowed, AbortSignal.any([signal, AbortSignal.timeout(timeout)]))
  } catch (error) {
    if (signal.aborted || !(error instanceof ClusterError)) throw error
    return { cluster: watched.name, reason: text`${error.message}` }
  }
}

async function readPending(
  watched: WatchedCluster,
  allowed: readonly string[],
  signal: AbortSignal,
): Promise<Overview> {
  const { cluster, name } = watched
  const some = allowed.includes('*') ? watched.namespaces : allowed
  const pending = { fields: { 'status.phase': 'Pending' }, limit: podLimit }
  const places = some.length > 0 ? some.map((namespace) => ({ ...pending, namespace })) : [pending]
  const [lists, counts] = await Promise.all([
    Promise.all(places.map((where) => lookFor(cluster, 'pods', where, signal))),
    some.length > 0 ? {} : countAll(watched, signal),
  ])
  const refusal = lists.every((it) => it.refusal) ? lists[0]?.refusal : undefined
  if (refusal) throw refusal
  const pods = lists.flatMap(({ items }: Look<Pod>) => items).filter(isPullWaiting)
  const failures = pods.flatMap((pod) => toFailure(name, pod, new Date()) ?? [])
  return {
    cluster: name,
    rows: toFailureRows(failures),
    ...counts,
    unseen: [...new Set(lists.flatMap((it) => it.unseen))],
  }
}

/** Counts pods and namespaces with lists of one item: the server says how many more there are. */
async function countAll(
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
