import { check } from '../../../diagnosis/check.ts'
import { type Text, text } from '../../../text.ts'
import { referenceOf } from '../evidence/answers.ts'
import type { ContainerPull } from '../inputs.ts'
import type { Evidence } from '../model.ts'
import { type NeighbourPull, type Neighbours, neighbours } from './nodes.ts'
import { message, names } from './pod.ts'

/** Whether the failure is the node's, the registry's or the image's, as far as other pulls tell. */
export const spread = check({
  id: 'spread',
  doing: 'Comparing it with other pulls',
  needs: { message, names, neighbours },
  gather: async ({ message, names, neighbours }): Promise<Spread> => spreadOf(message, names.node, neighbours),
})

/**
 * Where a failure is, as the pulls of the whole cluster show: at one node, at the registry or the way to it, or at one
 * image. Events are few and expire, so `undecided` means only that they do not tell.
 */
export type Where = 'node' | 'registry' | 'image' | 'undecided'

export interface Spread {
  readonly where: Where
  /** Nodes that meet the same failure, the pod's own first. */
  readonly nodes: readonly string[]
  readonly because: readonly Evidence[]
}

const shown = 3
const source = 'events Pulled and Failed of all pods'

/** Only what happened since this pull began to fail is compared: an earlier success proves nothing. */
export function spreadOf(pull: ContainerPull, node: string, { pulled, failed }: Neighbours): Spread {
  const own = referenceOf(pull.image)
  const same = failed.filter((it) => referenceOf(it.image)?.host === own?.host && pull.kinds.includes(it.kind))
  const since = [
    ...same.filter((it) => it.node === node).map((it) => it.since ?? it.at),
    pull.lastFailure ?? '',
  ].filter(Boolean)
  const [began] = since.toSorted()
  const nodes = [...new Set([...(since.length > 0 ? [node] : []), ...same.map((it) => it.node)])]
  if (!own || began === undefined) return { where: 'undecided', nodes, because: meeting(nodes) }
  const well = pulled.filter((it) => it.at >= began && referenceOf(it.image)?.host === own.host)
  const here = well.find((it) => it.node === node && referenceOf(it.image)?.repository !== own.repository)
  const elsewhere = well.find((it) => it.node !== node && !nodes.includes(it.node))
  const repositories = new Set(same.map((it) => referenceOf(it.image)?.repository))
  const where = judge({ nodes: nodes.length, repositories: repositories.size, here, elsewhere })
  const seen = [here, elsewhere].flatMap((it) => (it ? [success(it)] : []))
  const meant = conclusions(node, own.host)[where]
  return {
    where,
    nodes,
    because: [...meeting(nodes), ...seen, ...(meant ? [{ says: meant, source, confidence: 'likely' } as const] : [])],
  }
}

interface Seen {
  readonly nodes: number
  readonly repositories: number
  readonly here: NeighbourPull | undefined
  readonly elsewhere: NeighbourPull | undefined
}

function judge({ nodes, repositories, here, elsewhere }: Seen): Where {
  if (here) return repositories > 1 ? 'undecided' : 'image'
  if (elsewhere) return nodes > 1 ? 'undecided' : 'node'
  if (nodes < 2) return 'undecided'
  return repositories > 1 ? 'registry' : 'undecided'
}

function conclusions(node: string, host: string): Readonly<Record<Where, Text | undefined>> {
  return {
    node: text`so it is ${node}, its network or its proxy, not the image and not ${host}`,
    registry: text`so it is ${host}, or the way to it that all nodes share`,
    image: text`so ${node} reaches ${host}, and it is this image`,
    undecided: undefined,
  }
}

function meeting(nodes: readonly string[]): readonly Evidence[] {
  if (nodes.length < 2) return []
  const names = `${nodes.slice(0, shown).join(', ')}${nodes.length > shown ? ' …' : ''}`
  return [{ says: text`${nodes.length} nodes meet it: ${names}`, source, confidence: 'proven' }]
}

function success({ node, image, at }: NeighbourPull): Evidence {
  return { says: text`${node} pulled ${image} at ${at}`, source, confidence: 'proven' }
}
