import { z } from 'zod'
import { toFailure } from '../../incidents/failure.ts'
import type { Incident } from '../../incidents/incident.ts'
import { belongsTo } from '../../incidents/key.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import { isPullWaiting } from '../../target/pods.ts'

/** A pod that cannot pull, and that its owner would create again. */
export const stuckPodSchema = z.object({
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  /** `ReplicaSet web-5d9cf86b95` */
  owner: z.string(),
  node: z.string(),
})
export type StuckPod = z.infer<typeof stuckPodSchema>

/** The number of namespaces that are searched, of pods that are read in each, and of pods that one action deletes. */
const limits = { namespaces: 20, read: 1_000, pods: 500 } as const

/** Lists the pods of an incident that wait for their image now, by name. @param known A pod that is read in any case. */
export async function stuckPods(
  cluster: Cluster,
  incident: Pick<Incident, 'cluster' | 'key' | 'place' | 'subject' | 'affected'>,
  known: Pod | undefined,
  signal: AbortSignal,
): Promise<readonly StuckPod[]> {
  const named = incident.affected.workloads.filter(({ state }) => state === 'failing').map((it) => it.namespace)
  const namespaces = [...new Set([incident.subject.namespace, ...named])].slice(0, limits.namespaces)
  // A pod that cannot pull is pending, unless another container of it ran before.
  const where = { fields: { 'status.phase': 'Pending' }, limit: limits.read }
  const lists = await Promise.all(namespaces.map((namespace) => cluster.list('pods', { ...where, namespace }, signal)))
  const pods = new Map(
    [...lists.flatMap(({ items }) => items), ...(known ? [known] : [])].map((it) => [readUid(it), it]),
  )
  const own = [...pods.values()].filter((pod) => {
    const failure = toFailure(incident.cluster, pod, new Date())
    return failure && (readUid(pod) === incident.subject.uid || belongsTo(failure, incident))
  })
  return own.flatMap((pod) => asStuckPod(pod) ?? []).slice(0, limits.pods)
}

/** undefined: the pod does not wait for an image, is being deleted, or would not be created again. */
export function asStuckPod(pod: Pod): StuckPod | undefined {
  const { namespace, name, uid, deletionTimestamp, ownerReferences } = pod.metadata
  const owner = ownerReferences.find(({ controller }) => controller)
  if (!owner || deletionTimestamp || !isPullWaiting(pod)) return undefined
  return { namespace, name, uid, owner: `${owner.kind} ${owner.name}`, node: pod.spec.nodeName }
}

/** Compares pods by uid: a pod that was created since is a different one. */
export function inBoth(now: readonly StuckPod[], then: readonly StuckPod[]): StuckPod[] {
  const known = new Set(then.map(({ uid }) => uid))
  return now.filter(({ uid }) => known.has(uid))
}

function readUid({ metadata }: Pod): string {
  return metadata.uid
}
