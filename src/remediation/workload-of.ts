import type { ClusterWrites } from '../kubernetes/cluster-writes.ts'
import { rawFields } from '../kubernetes/raw-fields.ts'
import type { RawObject } from '../kubernetes/raw-object.ts'
import type { ResourceName } from '../kubernetes/resources.ts'

/** Kinds that roll out a changed template. */
export const rollable = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
} as const satisfies Readonly<Record<string, ResourceName>>
export type RollableKind = keyof typeof rollable

export interface RollableWorkload {
  readonly kind: RollableKind
  readonly object: RawObject
}

/** What rolls out a pod, above its ReplicaSet. undefined: nothing does. Throws ClusterError. */
export async function workloadOf(
  raw: ClusterWrites['raw'],
  pod: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<RollableWorkload | undefined> {
  const { namespace } = pod
  let current = await raw('pods', pod, signal)
  for (let above = 0; above < 2 && current; above++) {
    const owner = rawFields.list(current.metadata.ownerReferences).find(({ controller }) => controller === true)
    const kind = rawFields.text(owner?.kind)
    const name = rawFields.text(owner?.name)
    if (isRollable(kind)) {
      const object = await raw(rollable[kind], { namespace, name }, signal)
      return object?.metadata.uid === owner?.uid && object ? { kind, object } : undefined
    }
    current = kind === 'ReplicaSet' ? await raw('replicasets', { namespace, name }, signal) : undefined
  }
  return undefined
}

export function isRollable(kind: string): kind is RollableKind {
  return Object.hasOwn(rollable, kind)
}
