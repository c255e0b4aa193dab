import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml'

/** The line, from 1, of what a path leads to; where nothing is written, of the nearest that is. */
export function findLine(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  let node = document.contents
  let offset = node?.range?.[0]
  for (const step of path) {
    const entry = entryOf(node, step)
    if (!entry) break
    offset = entry.offset ?? offset
    node = entry.node
  }
  return offset === undefined ? undefined : lines.linePos(offset).line
}

interface Entry {
  readonly node: Node | null
  readonly offset: number | undefined
}

/** Of a map the key tells the line, of a list the item. */
function entryOf(of: Node | null, step: PropertyKey): Entry | undefined {
  if (isMap<Node, Node | null>(of)) {
    const pair = of.items.find(({ key }) => isScalar(key) && key.value === step)
    return pair && { node: pair.value, offset: pair.key.range?.[0] }
  }
  const item = isSeq<Node>(of) && typeof step === 'number' ? of.items[step] : undefined
  return item && { node: item, offset: item.range?.[0] }
}
