/** Names that a pattern found together. */
export interface Found {
  readonly pod?: string
  readonly namespace?: string
  readonly cluster?: string
  /** Where in the text. */
  readonly index: number
}

type Name = 'pod' | 'namespace' | 'cluster'
type Part = { readonly literal: string } | { readonly name: Name; readonly behind: string }

const letters: Readonly<Record<Name, RegExp>> = {
  pod: /[a-z0-9.-]/,
  namespace: /[a-z0-9-]/,
  cluster: /[\w.:/@-]/,
}
/** Characters of a name, and blanks between two words of a pattern: so the time grows with the length of the text. */
const limits = { name: 253, blanks: 20, found: 200 } as const

/**
 * All places where a text has the words of a pattern: `Pod: {pod}`. Blanks in it are any blanks; everything but the names in
 * braces is meant as it is written, in capitals or not. A name ends where its letters end, or where the words behind it
 * stand first.
 */
export function matchPattern(pattern: string, text: string): readonly Found[] {
  const parts = partsOf(small(pattern.trim()))
  const [first] = parts
  if (!first) return []
  const within = small(text)
  const found: Found[] = []
  for (let at = nextStart(first, within, 0); at >= 0 && found.length < limits.found; ) {
    const match = matchAt(parts, within, at)
    if (match) found.push({ ...match.names, index: at })
    at = nextStart(first, within, match ? Math.max(match.end, at + 1) : at + 1)
  }
  return found
}

/** ASCII alone, so that each character keeps its place. */
function small(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function partsOf(pattern: string): readonly Part[] {
  const pieces = pattern.split(/\{(pod|namespace|cluster)\}/)
  return pieces.flatMap((piece, index): Part[] => {
    if (index % 2 === 0) return piece === '' ? [] : [{ literal: piece }]
    return isName(piece) ? [{ name: piece, behind: pieces[index + 1] ?? '' }] : []
  })
}

function isName(piece: string): piece is Name {
  return piece === 'pod' || piece === 'namespace' || piece === 'cluster'
}

/** Where the first part may begin; below zero: nowhere. */
function nextStart(first: Part, text: string, from: number): number {
  if ('literal' in first) {
    const word = first.literal.trimStart().split(/\s/)[0] ?? ''
    return word === '' ? -1 : text.indexOf(word, from)
  }
  const letter = letters[first.name]
  for (let at = from; at < text.length; at++)
    if (letter.test(text.charAt(at)) && (at === 0 || !letter.test(text.charAt(at - 1)))) return at
  return -1
}

function matchAt(parts: readonly Part[], text: string, start: number) {
  const names: { [name in Name]?: string } = {}
  let at = start
  for (const [index, part] of parts.entries()) {
    if ('literal' in part) {
      at = endOfLiteral(index === 0 ? part.literal.trimStart() : part.literal, text, at)
      if (at < 0) return undefined
      continue
    }
    const end = endOfName(part.name, part.behind, text, at)
    if (end <= at) return undefined
    names[part.name] = text.slice(at, end)
    at = end
  }
  return { names, end: at }
}

/** Below zero: it does not stand there. */
function endOfLiteral(literal: string, text: string, from: number): number {
  let at = from
  for (const piece of literal.split(/(\s+)/)) {
    if (piece.trim() === '' && piece !== '') {
      const end = endOfRun(/\s/, text, at, limits.blanks)
      if (end === at) return -1
      at = end
    } else {
      if (!text.startsWith(piece, at)) return -1
      at += piece.length
    }
  }
  return at
}

function endOfRun(letter: RegExp, text: string, from: number, most: number): number {
  let at = from
  while (at < text.length && at - from < most && letter.test(text.charAt(at))) at++
  return at
}

/** The longest name that the words behind it leave; else the shortest one that they follow. */
function endOfName(name: Name, behind: string, text: string, from: number): number {
  const run = endOfRun(letters[name], text, from, limits.name)
  const end = from + text.slice(from, run).replace(/[.:-]{1,253}$/, '').length
  if (behind === '' || endOfLiteral(behind, text, end) >= 0) return end
  const word = behind.split(/\s/)[0] ?? ''
  const found = word === '' ? -1 : text.indexOf(word, from + 1)
  return found > 0 && found < run ? found : end
}
