import { type Atom, findAtoms } from './find-atoms.ts'
import type { MrkdwnNode } from './mrkdwn-node.ts'
import { unescaped } from './unescaped.ts'

const styles = { '*': 'bold', _: 'italic', '~': 'strike' } as const
type Mark = keyof typeof styles

interface Line {
  readonly text: string
  readonly atoms: ReadonlyMap<number, Atom>
  /** Where each mark may end a style, in order. */
  readonly ends: Readonly<Record<Mark, readonly number[]>>
}

interface Part {
  readonly from: number
  readonly to: number
  /** The styles around it: none lies in itself. */
  readonly within: readonly Mark[]
}

/** One line of mrkdwn without its line break. Time grows with its length only, whatever stands in it. */
export function readLine(text: string, bareLinks: boolean): readonly MrkdwnNode[] {
  const atoms = findAtoms(text, bareLinks)
  const line: Line = { text, atoms, ends: endsOf(text, atoms) }
  return readPart(line, { from: 0, to: text.length, within: [] })
}

function readPart(line: Line, { from, to, within }: Part): readonly MrkdwnNode[] {
  const nodes: MrkdwnNode[] = []
  let start = from
  let at = from

  function add(node: MrkdwnNode, end: number): void {
    if (start < at) nodes.push({ kind: 'text', text: unescaped(line.text.slice(start, at)) })
    nodes.push(node)
    start = end
    at = end
  }

  while (at < to) {
    const atom = line.atoms.get(at)
    const mark = markAt(line.text, at)
    const end =
      mark && !within.includes(mark) && mayBegin(line.text, at) ? endAfter(line.ends[mark], at, to) : undefined
    if (atom) add(atom.node, atom.end)
    else if (mark && end !== undefined) {
      const inside = readPart(line, { from: at + 1, to: end, within: [...within, mark] })
      add({ kind: styles[mark], inside }, end + 1)
    } else at += 1
  }
  if (start < to) nodes.push({ kind: 'text', text: unescaped(line.text.slice(start, to)) })
  return nodes
}

function markAt(text: string, at: number): Mark | undefined {
  const character = text[at] ?? ''
  return character in styles ? (character as Mark) : undefined // it is one of the keys
}

/** `a*b*` is no style, nor is `* b*`. */
function mayBegin(text: string, at: number): boolean {
  return !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '') && /[^\s*_~]|[*_~](?=\S)/.test(text.slice(at + 1, at + 3))
}

function endsOf(text: string, atoms: ReadonlyMap<number, Atom>): Line['ends'] {
  const ends: Record<Mark, number[]> = { '*': [], _: [], '~': [] }
  let at = 0
  while (at < text.length) {
    const mark = markAt(text, at)
    if (mark && mayEnd(text, at)) ends[mark].push(at)
    at = atoms.get(at)?.end ?? at + 1
  }
  return ends
}

function mayEnd(text: string, at: number): boolean {
  return /\S/.test(text[at - 1] ?? ' ') && !/[\p{L}\p{N}]/u.test(text[at + 1] ?? '')
}

/** The first end with something between, found by halving. */
function endAfter(ends: readonly number[], at: number, limit: number): number | undefined {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ends[middle] ?? 0) > at + 1) high = middle
    else low = middle + 1
  }
  const found = ends[low]
  return found !== undefined && found < limit ? found : undefined
}
