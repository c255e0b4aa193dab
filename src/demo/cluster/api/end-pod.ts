import { timestamp } from '../../clock.ts'
import type { ApiContext } from './api-context.ts'
import { jsonObject } from './json-object.ts'
import type { StoredObject } from './stored-objects.ts'

/** Its node ends a pod, and only then it is gone; one that never had a node, or already ended, goes at once. */
export function endPod(
  { store, clock, options }: Pick<ApiContext, 'store' | 'clock' | 'options'>,
  pod: StoredObject,
  gracePeriodSeconds?: number,
): StoredObject {
  const { nodeName, terminationGracePeriodSeconds } = jsonObject(pod.spec)
  const grace = gracePeriodSeconds ?? Number(terminationGracePeriodSeconds ?? 30)
  if (!options.nodes || !nodeName || grace === 0) {
    store.remove('pods', pod.metadata)
    return pod
  }
  if (pod.metadata.deletionTimestamp) return pod
  const deletionTimestamp = timestamp(clock.now() + grace * 1_000)
  return store.put('pods', {
    ...pod,
    metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: grace },
  })
}
