import { check } from '../../../diagnosis/check.ts'
import { parseReference } from '../../../registry/reference.ts'
import { theCluster, theImage, thePod, thePull } from '../inputs.ts'

/** What the kubelet says about this container, as a fact that causes may need. */
export const message = check({
  id: 'message',
  doing: 'Reading what the kubelet says',
  needs: { pull: thePull },
  gather: async ({ pull }) => pull,
})

export const reference = check({
  id: 'reference',
  doing: 'Reading the image reference',
  needs: { image: theImage },
  gather: async ({ image }) => parseReference(image.image),
})

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
