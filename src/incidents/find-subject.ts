import type { Cluster } from '../kubernetes/cluster.ts'
import type { Pod } from '../kubernetes/resources.ts'
import { isPullWaiting } from '../target/is-pull-waiting.ts'
import { locateTarget } from '../target/locate-target.ts'
import type { Owner, OwnerKind } from '../target/located.ts'
import { targetKind } from '../target/target-kind.ts'
import type { Failure } from './failure.ts'

/** What an incident's subject is now. `gone`: neither the pod nor anything that would make it again. */
export type FoundSubject =
  | { readonly found: 'pod'; readonly pod: Pod }
  | { readonly found: 'owner'; readonly kind: OwnerKind; readonly owner: Owner }
  | { readonly found: 'gone' }

/** The same pod while it fails; else another of its workload, those that fail first. Throws ClusterError. */
export async function findSubject(cluster: Cluster, subject: Failure, signal: AbortSignal): Promise<FoundSubject> {
  const { namespace, pod: name, uid, workload } = subject
  const pod = name ? await cluster.get('pods', { namespace, name }, signal) : undefined
  if (pod && pod.metadata.uid === uid && isPullWaiting(pod)) return { found: 'pod', pod }
  const kind = targetKind(workload.kind)
  if (!kind || kind === 'pods') return pod ? { found: 'pod', pod } : { found: 'gone' }
  const located = await locateTarget(cluster, { namespace, kind, name: workload.name }, signal)
  if (located.found === 'pods') return { found: 'pod', pod: located.pods[0] }
  return located.found === 'owner' ? { found: 'owner', kind: located.kind, owner: located.owner } : { found: 'gone' }
}
