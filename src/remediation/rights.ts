import type { Cluster, Permission } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'

/** The permissions of this program itself in a cluster, as the API server tells them. */
export interface Rights {
  /**
   * Lists the missing permissions, such as `delete pods in shop`. Answers of the last minutes count. Throws
   * ClusterError.
   */
  missing(cluster: Cluster, needs: readonly Permission[], signal?: AbortSignal): Promise<readonly string[]>
  /** Lists the missing permissions, and asks the API server again. For the moment before something is executed. */
  missingNow(cluster: Cluster, needs: readonly Permission[], signal?: AbortSignal): Promise<readonly string[]>
}

/** Milliseconds for which an answer counts. */
const remembered = 5 * 60_000
/** Milliseconds for the API server to answer. Several callers may wait for one answer, so it has a limit of its own. */
const patience = 10_000

export function createRights(now: () => Date): Rights {
  const known = new Map<string, { readonly may: Promise<boolean>; readonly at: number }>()

  function ask(cluster: Cluster, need: Permission): Promise<boolean> {
    const key = toKey(cluster, need)
    const may = cluster.may(need, AbortSignal.timeout(patience))
    const entry = { may, at: now().getTime() }
    known.set(key, entry)
    may.catch(() => known.get(key) === entry && known.delete(key)) // a failed request is not an answer
    return may
  }

  function recall(cluster: Cluster, need: Permission): Promise<boolean> {
    const before = known.get(toKey(cluster, need))
    return before && now().getTime() - before.at < remembered ? before.may : ask(cluster, need)
  }

  async function findMissing(
    needs: readonly Permission[],
    may: (need: Permission) => Promise<boolean>,
  ): Promise<readonly string[]> {
    const answers = await Promise.all(needs.map(async (need) => ({ need, may: await may(need) })))
    return answers.flatMap((it) => (it.may ? [] : [describe(it.need)]))
  }

  return {
    missing: (cluster, needs, signal) => findMissing(needs, (need) => until(signal, need, recall(cluster, need))),
    missingNow: (cluster, needs, signal) => findMissing(needs, (need) => until(signal, need, ask(cluster, need))),
  }
}

function toKey(cluster: Cluster, { verb, group, resource, namespace }: Permission): string {
  return JSON.stringify([cluster.name, verb, group, resource, namespace])
}

/** Lets one caller stop waiting, while the request goes on for the others. Throws ClusterError. */
async function until<T>(signal: AbortSignal | undefined, need: Permission, answer: Promise<T>): Promise<T> {
  if (!signal) return answer
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const request = `whether it may ${describe(need)}`
  const stop = (): void => reject(new ClusterError('aborted', request, `stopped before the answer came (${request})`))
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  return Promise.race([answer, stopped]).finally(() => signal.removeEventListener('abort', stop))
}

function describe({ verb, group, resource, namespace }: Permission): string {
  return `${verb} ${resource}${group ? `.${group}` : ''} in ${namespace ?? 'all namespaces'}`
}
