import type { Cluster, Permission } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'

/** What this program itself may do in a cluster, as the API server says. */
export interface Rights {
  /** Those of the needed ones that it does not have, as `delete pods in shop`. Throws ClusterError. */
  missing(cluster: Cluster, needs: readonly Permission[], signal?: AbortSignal): Promise<readonly string[]>
  /** The same, asked anew: before something is done. */
  missingNow(cluster: Cluster, needs: readonly Permission[], signal?: AbortSignal): Promise<readonly string[]>
}

/** Milliseconds that an answer counts for what is offered. */
const remembered = 5 * 60_000
/** Milliseconds for the API server to answer. Several callers may wait for one answer, so it depends on none of them. */
const patience = 10_000

export function createRights(now: () => Date): Rights {
  const known = new Map<string, { readonly may: Promise<boolean>; readonly at: number }>()

  function ask(cluster: Cluster, need: Permission): Promise<boolean> {
    const key = keyOf(cluster, need)
    const may = cluster.may(need, AbortSignal.timeout(patience))
    const entry = { may, at: now().getTime() }
    known.set(key, entry)
    may.catch(() => known.get(key) === entry && known.delete(key)) // what could not be asked is not known
    return may
  }

  function recall(cluster: Cluster, need: Permission): Promise<boolean> {
    const before = known.get(keyOf(cluster, need))
    return before && now().getTime() - before.at < remembered ? before.may : ask(cluster, need)
  }

  async function missingOf(
    needs: readonly Permission[],
    may: (need: Permission) => Promise<boolean>,
  ): Promise<readonly string[]> {
    const answers = await Promise.all(needs.map(async (need) => ({ need, may: await may(need) })))
    return answers.flatMap((it) => (it.may ? [] : [wordsOf(it.need)]))
  }

  return {
    missing: (cluster, needs, signal) => missingOf(needs, (need) => until(signal, need, recall(cluster, need))),
    missingNow: (cluster, needs, signal) => missingOf(needs, (need) => until(signal, need, ask(cluster, need))),
  }
}

function keyOf(cluster: Cluster, { verb, group, resource, namespace }: Permission): string {
  return JSON.stringify([cluster.name, verb, group, resource, namespace])
}

/** One caller stops waiting; the question goes on for the others. Throws ClusterError. */
async function until<T>(signal: AbortSignal | undefined, need: Permission, answer: Promise<T>): Promise<T> {
  if (!signal) return answer
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const request = `whether it may ${wordsOf(need)}`
  const stop = (): void => reject(new ClusterError('aborted', request, `stopped before the answer came (${request})`))
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  return Promise.race([answer, stopped]).finally(() => signal.removeEventListener('abort', stop))
}

function wordsOf({ verb, group, resource, namespace }: Permission): string {
  return `${verb} ${resource}${group ? `.${group}` : ''} in ${namespace ?? 'all namespaces'}`
}
