import type { Pod } from '../kubernetes/resources.ts'
import { isPullWaiting } from './is-pull-waiting.ts'

/** Those that live before those that are deleted, failing before others, then the newest first. */
export function orderPods(pods: readonly Pod[]): readonly Pod[] {
  const rank = (pod: Pod): number =>
    (pod.metadata.deletionTimestamp ? 4 : 0) + (isPullWaiting(pod) ? 0 : isReady(pod) ? 2 : 1)
  return pods.toSorted(
    (a, b) => rank(a) - rank(b) || b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp),
  )
}

function isReady(pod: Pod): boolean {
  return (
    pod.status.phase === 'Succeeded' || pod.status.conditions.some((it) => it.type === 'Ready' && it.status === 'True')
  )
}
