import { check, maybe } from '../../../diagnosis/check.ts'
import { parseReference } from '../../../registry/reference.ts'
import { theCluster, theImage, thePod, thePull } from '../inputs.ts'
import { owner } from './owner.ts'

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

/** What stands for `{namespace}`, `{pod}` … in sentences and commands of the tables. */
export interface Names {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly image: string
  /** The host that was contacted, as far as the message tells. */
  readonly host: string
  readonly node: string
  /** `deployment/my-app`; the pod itself where nobody owns it. */
  readonly owner: string
}

export const names = check({
  id: 'names',
  doing: 'Collecting names',
  needs: { pod: thePod, pull: thePull, owner: maybe(owner) },
  gather: async ({ pod, pull, owner }): Promise<Names> => ({
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    container: pull.container,
    image: pull.image,
    host: pull.said?.reading.host ?? 'the registry',
    node: pod.spec.nodeName || 'its node',
    owner:
      owner.known && owner.value ? `${owner.value.kind.toLowerCase()}/${owner.value.name}` : `pod/${pod.metadata.name}`,
  }),
})
