import { check } from '../../../diagnosis/check.ts'
import { theCluster } from '../givens.ts'

/** Which images the nodes still have: 50 a node at most (the kubelet's nodeStatusMaxImages). */
export const nodeImages = check({
  id: 'node-images',
  doing: 'Looking what the nodes still have',
  needs: { cluster: theCluster },
  async gather({ cluster }, signal) {
    const nodes = await cluster.list('nodes', {}, signal)
    return nodes.items.map(({ metadata, status }) => ({
      node: metadata.name,
      images: status.images.flatMap(({ names }) => names),
    }))
  },
})
