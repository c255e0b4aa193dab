import { type Atom, findAtoms, type MrkdwnNode, unescaped } from './tokens.ts'

const fence = '```'
const quoted = /^(?:&gt;|>) ?/
/** Quotes the rest of the text. */
const quotedToTheEnd = /^(?:&gt;|>){3} ?/

/**
 * Slack's mrkdwn as a tree. It never fails: what is not markup is text. `verbatim`: addresses stay text.
 * https://docs.slack.dev/messaging/formatting-message-text#basic-formatting
 */
export function parseMrkdwn(text: string, { verbatim = false } = {}): readonly MrkdwnNode[] {
  const nodes: MrkdwnNode[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf(fence, at)
    const close = open < 0 ? -1 : text.indexOf(fence, open + fence.length)
    const isFenced = close > open + fence.length
    const end = isFenced ? open : text.length
    nodes.push(...readLines(text.slice(at, end).split('\n'), !verbatim))
    if (isFenced) nodes.push({ kind: 'preformatted', text: unescaped(trimmed(text.slice(open + fence.length, close))) })
    at = isFenced ? close + fence.length : end
    if (isFenced && text[at] === '\n') at += 1
  }
  return nodes
}

/** Trims the line breaks next to a fence. */
function trimmed(text: string): string {
  return text.replace(/^\n/, '').replace(/\n$/, '')
}

function readLines(lines: readonly string[], bareLinks: boolean): readonly MrkdwnNode[] {
  const nodes: MrkdwnNode[] = []
  let at = 0
  while (at < lines.length) {
    const count = quotedFrom(lines, at)
    if (count > 0) {
      const inside = lines.slice(at, at + count).map((line) => line.replace(quotedToTheEnd, '').replace(quoted, ''))
      nodes.push({ kind: 'quote', inside: joined(inside, bareLinks) })
    } else {
      nodes.push(...readLine(lines[at] ?? '', bareLinks))
      if (at < lines.length - 1 && quotedFrom(lines, at + 1) === 0) nodes.push({ kind: 'break' })
    }
    at += Math.max(count, 1)
  }
  return nodes
}

/** Counts the lines that belong to one quote. */
function quotedFrom(lines: readonly string[], at: number): number {
  if (quotedToTheEnd.test(lines[at] ?? '')) return lines.length - at
  let count = 0
  while (quoted.test(lines[at + count] ?? '')) count += 1
  return count
}

function joined(lines: readonly string[], bareLinks: boolean): readonly MrkdwnNode[] {
  return lines.flatMap((line, index) => [
    ...(index > 0 ? [{ kind: 'break' } as const] : []),
    ...readLine(line, bareLinks),
  ])
}

const styles = { '*': 'bold', _: 'italic', '~': 'strike' } as const
type Mark = keyof typeof styles

interface Line {
  readonly text: string
  readonly atoms: ReadonlyMap<number, Atom>
  /** The positions where each mark may end a style, in order. */
  readonly ends: Readonly<Record<Mark, readonly number[]>>
}

interface Part {
  readonly from: number
  readonly to: number
  /** The enclosing styles: a style cannot contain itself. */
  readonly within: readonly Mark[]
}

/** Parses one line of mrkdwn without its line break, in linear time. */
function readLine(text: string, bareLinks: boolean): readonly MrkdwnNode[] {
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

/** Whether a mark may begin a style: `a*b*` and `* b*` have none. */
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

/** Finds the first end after some text, by binary search. */
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
