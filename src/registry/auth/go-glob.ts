/** One step of a pattern: any number of characters, or one character of a set. `allows[code]` is 1 for the characters of the set. */
type Term = { readonly star: true } | { readonly star: false; readonly allows: (code: number) => boolean }

/**
 * Go's `filepath.Match` for one label of a host name, which is ASCII and has no slash: `*`, `?`, `[a-z]`, `[^a-z]`, and a
 * backslash before any of them. A malformed pattern matches nothing. Takes at most pattern × label steps. `pattern` has
 * one character for each byte of its UTF-8, so that both compare as Go's do.
 */
export function globMatches(pattern: string, label: string): boolean {
  if (!/[*?[\\]/.test(pattern)) return pattern === label
  const terms = termsOf(pattern, label.length)
  return terms !== undefined && matches(terms, label)
}

/** Goes back to the last star only: what stands before it has matched, whatever that star takes. */
function matches(terms: readonly Term[], label: string): boolean {
  let term = 0
  let at = 0
  let lastStar = -1
  let resumeAt = 0
  while (at < label.length) {
    const current = terms[term]
    if (current?.star) {
      lastStar = term
      resumeAt = at
      term += 1
    } else if (current?.allows(label.charCodeAt(at))) {
      term += 1
      at += 1
    } else if (lastStar >= 0) {
      resumeAt += 1
      at = resumeAt
      term = lastStar + 1
    } else return false
  }
  return terms.slice(term).every(({ star }) => star)
}

/** undefined: the pattern is malformed, or needs more characters than the label has. */
function termsOf(pattern: string, longest: number): readonly Term[] | undefined {
  const terms: Term[] = []
  let singles = 0
  let at = 0
  while (at < pattern.length) {
    const read = termAt(pattern, at)
    if (!read) return undefined
    at = read.next
    if (!(read.term.star && terms.at(-1)?.star)) terms.push(read.term)
    if (!read.term.star) singles += 1
    if (singles > longest) return undefined
  }
  return terms
}

interface Read {
  readonly term: Term
  readonly next: number
}

function termAt(pattern: string, at: number): Read | undefined {
  const first = pattern[at]
  if (first === '*') return { term: { star: true }, next: at + 1 }
  if (first === '?') return { term: { star: false, allows: () => true }, next: at + 1 }
  if (first === '[') return classAt(pattern, at + 1)
  const literal = first === '\\' ? at + 1 : at
  if (literal >= pattern.length) return undefined
  const wanted = pattern.charCodeAt(literal)
  return { term: { star: false, allows: (code) => code === wanted }, next: literal + 1 }
}

/** `start`: after the opening bracket. A class has at least one range, so a bracket that closes at once is malformed. */
function classAt(pattern: string, start: number): Read | undefined {
  const negated = pattern[start] === '^'
  // Counts where ranges begin and end, so that a class costs its own length and no more.
  const changes = new Int32Array(asciiCodes + 1)
  let at = negated ? start + 1 : start
  do {
    const low = runeAt(pattern, at)
    const high = low && pattern[low.next] === '-' ? runeAt(pattern, low.next + 1) : low
    if (!low || !high) return undefined
    at = high.next
    if (low.code < asciiCodes && low.code <= high.code) addRange(changes, low.code, high.code)
  } while (pattern[at] !== ']')
  const members = membersOf(changes)
  return { term: { star: false, allows: (code) => (members[code] === 1) !== negated }, next: at + 1 }
}

const asciiCodes = 128

function addRange(changes: Int32Array, low: number, high: number): void {
  changes[low] = (changes[low] ?? 0) + 1
  const end = Math.min(high + 1, asciiCodes)
  changes[end] = (changes[end] ?? 0) - 1
}

function membersOf(changes: Int32Array): Uint8Array {
  const members = new Uint8Array(asciiCodes)
  let open = 0
  for (let code = 0; code < asciiCodes; code++) {
    open += changes[code] ?? 0
    members[code] = open > 0 ? 1 : 0
  }
  return members
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A character of a class, perhaps behind a backslash. undefined: it is none, or the pattern ends with it. */
function runeAt(pattern: string, start: number): { readonly code: number; readonly next: number } | undefined {
  const first = pattern[start]
  if (first === undefined || first === '-' || first === ']') return undefined
  const at = first === '\\' ? start + 1 : start
  const lead = pattern.charCodeAt(at)
  if (Number.isNaN(lead)) return undefined
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  const next = at + length
  if (next >= pattern.length) return undefined
  const code = length === 1 ? lead : decoded(pattern.slice(at, next))
  return code === undefined ? undefined : { code, next }
}

function decoded(bytes: string): number | undefined {
  try {
    const text = strictUtf8.decode(Buffer.from(bytes, 'latin1'))
    return [...text].length === 1 ? text.codePointAt(0) : undefined
  } catch {
    return undefined
  }
}
