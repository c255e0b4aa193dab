import { setTimeout as sleep } from 'node:timers/promises'
import type { WatchEvent } from '../../kubernetes/cluster.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import type { Queue } from '../../queue/queue.ts'
import { withLease } from '../../store/lease.ts'
import type { Store } from '../../store/store.ts'
import { isPullWaiting } from '../../target/pods.ts'
import type { WatchedCluster } from '../watched-cluster.ts'

export interface PullWatchTiming {
  /** Milliseconds between two reconciliations that events ask for. */
  readonly rest: number
  /** Milliseconds until a worker asks again for a lease that another one holds. */
  readonly standby: number
  /** Milliseconds of the first pause after a failure. Each further one is twice as long, up to `longest`. */
  readonly first: number
  readonly longest: number
  /** Milliseconds until a watch that RBAC denies is tried again. */
  readonly denied: number
}

const defaultTiming: PullWatchTiming = {
  rest: 1_000,
  standby: 5_000,
  first: 1_000,
  longest: 60_000,
  denied: 10 * 60_000,
}

export interface PullWatchOptions {
  readonly store: Pick<Store, 'lease'>
  readonly queue: Pick<Queue, 'add'>
  /** Called when a watch fails, or when RBAC denies it. The regular reconciliation goes on in any case. */
  readonly onProblem: (cluster: string, error: unknown) => void
  readonly timing?: PullWatchTiming
  /** Returns a number from 0 to 1, for jitter. */
  readonly random?: () => number
}

/**
 * Watches the pending pods of a cluster, and reconciles the cluster when a pull begins to fail or ceases to. One worker holds
 * the lease of it. A watch keeps no state that matters: whatever it misses, the regular reconciliation finds.
 */
export function createPullWatch(options: PullWatchOptions) {
  const { store, queue, onProblem, timing = defaultTiming, random = Math.random } = options

  /** Throws ClusterError when a watch ends. */
  async function watchPlaces({ name, cluster, namespaces }: WatchedCluster, signal: AbortSignal, onBegun: () => void) {
    const ended = new AbortController()
    const stop = AbortSignal.any([signal, ended.signal])
    const reconcile = throttle(
      () => queue.add('look', name),
      timing.rest,
      stop,
      (error) => onProblem(name, error),
    )
    const places = namespaces.length > 0 ? namespaces.map((namespace) => ({ namespace })) : [{}]
    const fields = { 'status.phase': 'Pending' }
    const watches = places.map(async (place) => {
      const failing = new Set<string>()
      for await (const event of cluster.watch('pods', { ...place, fields }, stop)) {
        if (event.type === 'began') onBegun()
        if (isNews(event, failing)) reconcile()
      }
    })
    await Promise.all(watches).finally(() => ended.abort())
  }

  /** Returns the milliseconds until the next try. */
  async function hold(watched: WatchedCluster, failures: { count: number }, signal: AbortSignal): Promise<number> {
    try {
      const held = await withLease(store, `watch ${watched.name}`, (lost) =>
        watchPlaces(watched, AbortSignal.any([signal, lost]), () => {
          failures.count = 0
        }),
      )
      return held.busy ? timing.standby : timing.first
    } catch (error) {
      if (signal.aborted) return 0
      onProblem(watched.name, error)
      if (error instanceof ClusterError && error.code === 'forbidden') return timing.denied
      failures.count += 1
      return Math.min(timing.longest, timing.first * 2 ** (failures.count - 1))
    }
  }

  /** Runs until the signal is aborted. */
  return async (watched: WatchedCluster, signal: AbortSignal): Promise<void> => {
    const failures = { count: 0 }
    while (!signal.aborted) {
      const pause = await hold(watched, failures, signal)
      await sleep(pause * (0.5 + random() / 2), undefined, { signal }).catch(() => undefined) // the program ends
    }
  }
}

/** More failing pods than a person reads of. Beyond them, each event of a failing pod is news. */
const mostFailing = 10_000

/** Whether a pull began to fail or ceased to. @param failing The uids of the pods that fail, which it keeps. */
function isNews(event: WatchEvent<Pod>, failing: Set<string>): boolean {
  if (event.type === 'began') {
    failing.clear()
    return true
  }
  const { uid } = event.object.metadata
  if (event.type === 'gone' || !isPullWaiting(event.object)) return failing.delete(uid)
  if (failing.has(uid)) return false
  if (failing.size < mostFailing) failing.add(uid)
  return true
}

/** Returns a function that does the work at once, and at most once in `rest` milliseconds. */
function throttle(
  work: () => Promise<void>,
  rest: number,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): () => void {
  let resting = false
  let again = false
  async function run(): Promise<void> {
    resting = true
    do {
      again = false
      await work().catch((error) => {
        if (!signal.aborted) onError(error)
      })
      await sleep(rest, undefined, { signal }).catch(() => undefined) // the watch ends
    } while (again && !signal.aborted)
    resting = false
  }
  return () => {
    if (resting) again = true
    else void run()
  }
}
