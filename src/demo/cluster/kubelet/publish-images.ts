import { jsonObject } from '../api/json-object.ts'
import type { NodeContext } from './node-context.ts'

/** The kubelet's nodeStatusMaxImages. */
const most = 50

/** Writes into the node's status which images it has, the largest first. */
export function publishImages({ store, images, node }: NodeContext): void {
  const listed = [...images]
    .map(([name, { digest, sizeBytes }]) => ({
      names: [...new Set([`${name.replace(/[:@][^/]*$/, '')}@${digest}`, name])],
      sizeBytes,
    }))
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, most)
  store.update('nodes', { name: node }, (object) => ({
    ...object,
    status: { ...jsonObject(object.status), images: listed },
  }))
}
