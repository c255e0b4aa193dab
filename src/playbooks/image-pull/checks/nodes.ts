import { check } from '../../../diagnosis/check.ts'
import type { PodEvent } from '../../../kubernetes/resources.ts'
import { read } from '../../../messages/read.ts'
import type { Kind } from '../../../messages/row.ts'
import { theCluster, thePod } from '../inputs.ts'
import { timeOf } from '../pulls.ts'

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

/** Pulls of all pods of the cluster that events still tell of: the API server keeps them for an hour, by default. */
export interface Neighbours {
  readonly pulled: readonly NeighbourPull[]
  readonly failed: readonly (NeighbourPull & { readonly kind: Kind; readonly host: string | undefined })[]
}

export interface NeighbourPull {
  readonly node: string
  readonly image: string
  /** RFC 3339: when it last happened. */
  readonly at: string
  /** When it first happened, where one event tells of several times. */
  readonly since?: string
}

/** Enough to see a pattern: who else meets it, and who does not. */
const most = 500

export const neighbours = check({
  id: 'neighbours',
  doing: 'Looking how other pulls went',
  needs: { cluster: theCluster },
  async gather({ cluster }, signal): Promise<Neighbours> {
    const [pulled, failed] = await Promise.all(
      ['Pulled', 'Failed'].map((reason) => cluster.list('events', { fields: { reason }, limit: most }, signal)),
    )
    return {
      pulled: (pulled?.items ?? []).flatMap((event) => pullOf(event, fetched) ?? []),
      failed: (failed?.items ?? []).flatMap(failureOf),
    }
  },
})

// "Container image … already present on machine" is a Pulled too, and no pull.
const fetched = /Successfully pulled image "([^"]{1,1000})"/
const failing = /Failed to pull image "([^"]{1,1000})"/

function pullOf(event: PodEvent, form: RegExp): NeighbourPull | undefined {
  const image = form.exec(event.message)?.[1]
  const at = timeOf(event)
  const node = event.source.host
  const since = event.firstTimestamp ?? undefined
  return image && at && node ? { node, image, at, ...(since && { since }) } : undefined
}

function failureOf(event: PodEvent): Neighbours['failed'] {
  const pull = pullOf(event, failing)
  const { kind, host } = read(event.message)
  return pull && kind ? [{ ...pull, kind, host }] : []
}
