import { check } from '../../../diagnosis/check.ts'
import { theCluster, thePod } from '../givens.ts'

/** undefined: the pod has no node, or the node is gone. */
export const node = check({
  id: 'node',
  doing: 'Reading its node',
  needs: { cluster: theCluster, pod: thePod },
  async gather({ cluster, pod }, signal) {
    const name = pod.spec.nodeName
    return name ? cluster.get('nodes', { name }, signal) : undefined
  },
})
