import type { Cluster, Permission } from '../kubernetes/cluster.ts'

/** What this program itself may do in a cluster, as the API server says. */
export interface Rights {
  /** Those of the needed ones that it does not have, as `delete pods in shop`. Throws ClusterError. */
  missing(cluster: Cluster, needs: readonly Permission[], signal?: AbortSignal): Promise<readonly string[]>
  /** The same, asked anew: before something is done. */
  missingNow(cluster: Cluster, needs: readonly Permission[], signal?: AbortSignal): Promise<readonly string[]>
}

/** Milliseconds that an answer counts for what is offered. */
const remembered = 5 * 60_000

export function createRights(now: () => Date): Rights {
  const known = new Map<string, { readonly may: Promise<boolean>; readonly at: number }>()

  function ask(cluster: Cluster, need: Permission, signal: AbortSignal | undefined): Promise<boolean> {
    const key = JSON.stringify([cluster.name, need.verb, need.group, need.resource, need.namespace])
    const may = cluster.may(need, signal)
    const entry = { may, at: now().getTime() }
    known.set(key, entry)
    may.catch(() => known.get(key) === entry && known.delete(key)) // what could not be asked is not known
    return may
  }

  function recall(cluster: Cluster, need: Permission, signal: AbortSignal | undefined): Promise<boolean> {
    const key = JSON.stringify([cluster.name, need.verb, need.group, need.resource, need.namespace])
    const before = known.get(key)
    return before && now().getTime() - before.at < remembered ? before.may : ask(cluster, need, signal)
  }

  async function missingOf(
    needs: readonly Permission[],
    may: (need: Permission) => Promise<boolean>,
  ): Promise<readonly string[]> {
    const answers = await Promise.all(needs.map(async (need) => ({ need, may: await may(need) })))
    return answers.flatMap((it) => (it.may ? [] : [wordsOf(it.need)]))
  }

  return {
    missing: (cluster, needs, signal) => missingOf(needs, (need) => recall(cluster, need, signal)),
    missingNow: (cluster, needs, signal) => missingOf(needs, (need) => ask(cluster, need, signal)),
  }
}

function wordsOf({ verb, group, resource, namespace }: Permission): string {
  return `${verb} ${resource}${group ? `.${group}` : ''} in ${namespace ?? 'all namespaces'}`
}
