import type { Span } from './named.ts'

const run = /[A-Za-z0-9+/=_-]{16,}/g
/** Characters of Base64 that are decoded. The beginning is enough to judge. */
const decoded = 512

/** Finds long random words and Base64 text. Spares digests, names of pods and images, UIDs, and paths. */
export function randomSecrets(text: string): readonly Span[] {
  return [...text.matchAll(run)].flatMap(({ 0: word, index }) => {
    if (isDigest(text, index, word)) return []
    if (isEncodedText(word) || isRandomBase64(word)) return [[index, index + word.length] as const]
    return piecesOf(word).flatMap(([start, piece]): readonly Span[] =>
      isRandom(piece) ? [[index + start, index + start + piece.length]] : [],
    )
  })
}

/** Whether this is a digest: `sha256:…` of a manifest, `SHA256:…` of an SSH key, `sha512-…` of a package. */
function isDigest(text: string, index: number, word: string): boolean {
  return /sha\d{3}[:_-]$/i.test(text.slice(Math.max(0, index - 7), index)) || /^sha\d{3}[-_]/i.test(word)
}

function piecesOf(word: string): readonly (readonly [start: number, piece: string])[] {
  return [...word.matchAll(/[A-Za-z0-9_-]{16,}/g)].map(({ 0: piece, index }) => [index, piece])
}

const both = /^(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])/

/** Whether this is text in Base64, such as a login: it decodes to printable characters only. Random letters almost never do. */
function isEncodedText(word: string): boolean {
  if (!both.test(word)) return false
  const bytes = Buffer.from(word.slice(0, decoded), 'base64')
  return (
    bytes.length >= 12 && bytes.every((byte) => (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9)
  )
}

/**
 * Whether this is standard Base64 with `+` or `/` in it, such as an AWS key or a line of PEM. A path has words between its
 * slashes.
 */
function isRandomBase64(word: string): boolean {
  const bare = word.replace(/=+$/, '')
  if (bare.length < 32 || /[_-]/.test(bare) || !both.test(bare) || !/\d/.test(bare)) return false
  // A secret key of AWS has 40 characters.
  return /[+/]/.test(bare) && changesIn(bare.replace(/[+/]/g, '')) >= bare.length * (bare.length === 40 ? 0.15 : 0.25)
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

function isRandom(piece: string): boolean {
  if (uuid.test(piece)) return false
  const segments = piece.split(/[_-]+/)
  if (segments.every((it) => /^(?:[0-9a-f]*|[0-9A-F]*)$/.test(it))) return false
  const whole = segments.join('')
  if (segments.some(isMixed) && whole.length >= 20 && changesIn(whole) >= whole.length * 0.25) return true
  return segments.some((it) => isRandomCode(it) || isRandomLetters(it))
}

/** Whether a segment mixes upper case, lower case and digits. Names of pods, images and namespaces do not. */
function isMixed(segment: string): boolean {
  return segment.length >= 12 && both.test(segment) && /\d/.test(segment)
}

/**
 * Whether a segment is random letters of one case with digits. The random part of a pod's name has at most 10 characters, a
 * ULID 26.
 */
function isRandomCode(segment: string): boolean {
  const length = /^[A-Z0-9]+$/.test(segment) ? 18 : 28
  if (
    segment.length < length ||
    !/^(?:[a-z0-9]+|[A-Z0-9]+)$/.test(segment) ||
    /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(segment)
  )
    return false
  return segment.replace(/\D/g, '').length >= (length === 18 ? 2 : 3) && changesIn(segment) >= segment.length * 0.2
}

/** Whether a segment is letters of random case. Words that are written together have longer runs of lower case. */
function isRandomLetters(segment: string): boolean {
  return segment.length >= 28 && both.test(segment) && /^[A-Za-z]+$/.test(segment) && !/[a-z]{6}|[A-Z]{7}/.test(segment)
}

/** Counts the changes between digits, upper and lower case. A capital before lower case begins a word and does not count. */
function changesIn(word: string): number {
  let changes = 0
  for (let index = 1; index < word.length; index += 1) {
    const before = classOf(word.charCodeAt(index - 1))
    const now = classOf(word.charCodeAt(index))
    if (before !== now && !(before === 'upper' && now === 'lower')) changes += 1
  }
  return changes
}

function classOf(code: number): 'digit' | 'upper' | 'lower' {
  if (code < 58) return 'digit'
  return code < 91 ? 'upper' : 'lower'
}
