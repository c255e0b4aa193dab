import type { Pod } from '../kubernetes/resources.ts'
import { isPullWaiting } from './is-pull-waiting.ts'

/** Those that stay before those that are being deleted, failing before others, of the newest revision, then the newest. */
export function orderPods(pods: readonly Pod[], revisionOf: (pod: Pod) => number = () => 0): readonly Pod[] {
  return pods.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      revisionOf(b) - revisionOf(a) ||
      b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp),
  )
}

function rank(pod: Pod): number {
  const deleted = pod.metadata.deletionTimestamp ? 3 : 0
  if (isPullWaiting(pod)) return deleted
  return deleted + (isFine(pod) ? 2 : 1)
}

function isFine({ status }: Pod): boolean {
  return status.phase === 'Succeeded' || status.conditions.some((it) => it.type === 'Ready' && it.status === 'True')
}
