import type { Pod, Resource } from '../../../kubernetes/resources.ts'
import { jsonObject } from '../api/store.ts'
import { endPod } from '../api/writes/delete.ts'
import { type Live, typedObjects } from '../objects.ts'
import { isControlledBy, isPodReady, makePod } from './controller.ts'

type ReplicaSet = Resource<'replicasets'>

/** Keeps the desired number of pods of each ReplicaSet. */
export function replicaSets(live: Live): undefined {
  for (const set of typedObjects(live.store, 'replicasets')) if (!set.metadata.deletionTimestamp) reconcile(live, set)
}

function reconcile(live: Live, set: ReplicaSet): void {
  const { store } = live
  const { namespace, uid } = set.metadata
  const own = typedObjects(store, 'pods', namespace).filter((pod) => isControlledBy(pod, uid) && isAlive(pod))
  const wanted = set.spec.replicas ?? 1
  const owner = { resource: 'replicasets', kind: 'ReplicaSet', metadata: set.metadata } as const
  const template = jsonObject(store.get('replicasets', set.metadata)?.spec).template
  for (let missing = wanted - own.length; missing > 0; missing--)
    makePod(live, { ...owner, component: 'replicaset-controller' }, template)
  for (const pod of own.toSorted(leastWanted).slice(0, Math.max(0, own.length - wanted))) {
    const object = store.get('pods', pod.metadata)
    if (object) endPod(live, object)
  }
  writeStatus(live, set)
}

function writeStatus({ store }: Live, { metadata }: ReplicaSet): void {
  const own = typedObjects(store, 'pods', metadata.namespace).filter((pod) => isControlledBy(pod, metadata.uid))
  const alive = own.filter(isAlive)
  const ready = alive.filter(isPodReady).length
  const counts = {
    replicas: alive.length,
    fullyLabeledReplicas: alive.length,
    readyReplicas: ready,
    availableReplicas: ready,
  }
  store.update('replicasets', metadata, (object) => ({
    ...object,
    status: { ...jsonObject(object.status), ...counts, observedGeneration: metadata.generation ?? 1 },
  }))
}

function isAlive({ metadata, status }: Pod): boolean {
  return !metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded'
}

/** Orders pods for deletion: those that are not ready first, then the newest (pkg/controller, ActivePodsWithRanks). */
function leastWanted(a: Pod, b: Pod): number {
  const ready = Number(isPodReady(a)) - Number(isPodReady(b))
  return ready || b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp)
}
