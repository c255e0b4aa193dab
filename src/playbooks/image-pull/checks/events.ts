import { check } from '../../../diagnosis/check.ts'
import { theCluster, thePod } from '../givens.ts'

/** By the pod's uid: another pod may have had the same name. None at all proves nothing: they expire after an hour. */
export const events = check({
  id: 'events',
  doing: 'Reading its events',
  needs: { cluster: theCluster, pod: thePod },
  async gather({ cluster, pod }, signal) {
    const { namespace, uid } = pod.metadata
    const listing = await cluster.list('events', { namespace, fields: { 'involvedObject.uid': uid } }, signal)
    return listing.items
  },
})
