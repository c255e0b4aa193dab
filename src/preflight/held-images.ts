import type { Run } from '../diagnosis/check.ts'
import type { Resource } from '../kubernetes/resources.ts'
import { nodeImages } from '../playbooks/image-pull/checks/nodes.ts'
import { parseReference } from '../registry/reference.ts'

/** Which nodes have an image already, as the API server tells: a node lists 50 images at most, the largest first. */
export interface Held {
  readonly by: readonly string[]
  /** Nodes that certainly do not have it. */
  readonly missingOn: readonly string[]
}

/** Names of images: from so many on, a node may have more images than it lists (the kubelet's nodeStatusMaxImages). */
const fullList = 50

/** undefined: the nodes could not be asked, or the reference is not valid. */
export async function heldBy(run: Run, image: string, nodes: readonly string[]): Promise<Held | undefined> {
  const names = namesOf(image)
  const listed = await nodeImages.ask(run)
  if (!listed.known || names.length === 0) return undefined
  const candidates = listed.value.filter(({ node }) => nodes.includes(node))
  const [holding, others] = [true, false].map((has) =>
    candidates.filter(({ images }) => images.some((it) => names.includes(it)) === has),
  )
  return {
    by: (holding ?? []).map(({ node }) => node),
    missingOn: (others ?? []).filter(({ images }) => images.length < fullList).map(({ node }) => node),
  }
}

/** Names of the nodes that list an image. */
export function heldOn(nodes: readonly Resource<'nodes'>[], image: string): readonly string[] {
  const names = namesOf(image)
  return nodes.flatMap(({ metadata, status }) =>
    status.images.some((it) => it.names.some((name) => names.includes(name))) ? [metadata.name] : [],
  )
}

/** As a node lists it. With a digest, the tag beside it does not count. */
function namesOf(image: string): readonly string[] {
  const parsed = parseReference(image)
  if (!parsed.valid) return []
  const { host, repository, tag = 'latest', digest } = parsed.reference
  return [digest ? `${host}/${repository}@${digest}` : `${host}/${repository}:${tag}`]
}

/** Whether any node lists an image of this host, and so has reached it. undefined: the nodes could not be asked. */
export async function havePulledFrom(run: Run, host: string): Promise<boolean | undefined> {
  const listed = await nodeImages.ask(run)
  if (!listed.known) return undefined
  return listed.value.some(({ images }) => images.some((it) => it.startsWith(`${host}/`)))
}
