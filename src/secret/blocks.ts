import type { Span } from './named.ts'

const begin = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|KEY BLOCK)[A-Z ]{0,20}-{4,5}/g
const end = /-{4,5} ?END [A-Z0-9 ]{0,40}(?:PRIVATE KEY|KEY BLOCK)[A-Z ]{0,20}-{4,5}/g
/** Characters. No private key is longer. After a key that was cut off, at most so much text is hidden. */
const longest = 16_384

/**
 * Finds private keys in PEM (RFC 7468) or OpenPGP armour, even if their beginning or end was cut off, and the data of
 * Kubernetes Secrets.
 */
export function blockSecrets(text: string): readonly Span[] {
  return [...(text.includes('--') ? keysIn(text) : []), ...(/secret/i.test(text) ? dataOfSecrets(text) : [])]
}

function keysIn(text: string): readonly Span[] {
  const begins = [...text.matchAll(begin)].map(({ 0: mark, index }) => ({ at: index, after: index + mark.length }))
  const ends = [...text.matchAll(end)].map(({ 0: mark, index }) => ({ at: index, after: index + mark.length }))
  const marks = [...begins.map((it) => ({ ...it, opens: true })), ...ends.map((it) => ({ ...it, opens: false }))]
  const ordered = marks.toSorted((a, b) => a.at - b.at)
  return ordered.flatMap((mark, index): readonly Span[] => {
    const next = ordered[index + 1]
    if (mark.opens) return [[mark.at, next && !next.opens ? next.after : bodyFrom(text, mark.after)]]
    const before = ordered[index - 1]
    return before?.opens ? [] : [[bodyBefore(text, mark.at, before?.after ?? 0), mark.after]]
  })
}

/** Returns the end of a key's body: Base64 lines and headers such as `DEK-Info: …`, escaped or not. */
function bodyFrom(text: string, at: number): number {
  const body = /(?:[A-Za-z0-9+/=\r\n\\]|[ \t]|[A-Z][\w-]{1,30}: [^\n\\]{0,200}){1,4096}/y
  body.lastIndex = at
  const found = body.exec(text)?.[0].length ?? 0
  return Math.min(at + found, at + longest)
}

function bodyBefore(text: string, at: number, from: number): number {
  const start = Math.max(from, at - longest)
  const body = text.slice(start, at)
  // The key begins after the last line that is not Base64.
  const lines = body.split(/(?<=\n|\\n)/)
  let kept = 0
  for (const [index, line] of lines.entries()) {
    const isKey = /^(?:[A-Za-z0-9+/=]*(?:\\[rn])*|(?:DEK-Info|Proc-Type|Comment|Version): .*)$/.test(line.trim())
    if (!isKey && index < lines.length - 1) kept = lines.slice(0, index + 1).join('').length
  }
  return start + kept + lastWordsOf(body.slice(kept))
}

/** Returns where the key begins in text whose line breaks were removed: only its last line is shorter than the others. */
function lastWordsOf(line: string): number {
  const words = [...line.matchAll(/\S+/g)]
  const isKey = (word: string, index: number): boolean =>
    /^[A-Za-z0-9+/=\\]+$/.test(word) && (word.length >= 12 || index === words.length - 1)
  const other = words.findLastIndex(({ 0: word }, index) => !isKey(word, index))
  return words[other + 1]?.index ?? line.length
}

const kind = /kind(?:\\{0,8}["'])?\s{0,3}:\s{0,3}(?:\\{0,8}["'])?Secret\b/
const jsonData = /\b(?:data|stringData)\\{0,8}["']\s{0,3}:\s{0,3}\{([^{}]{1,65536})\}/dg
const yamlData =
  /(?:^|\n)([ \t]{0,40})(?:data|stringData):[ \t]{0,8}\n((?:\1[ \t]{1,40}[^\n]{0,65536}(?:\n|$)){1,500})/dg

// The same, with the line breaks removed.
const flatData = /\b(?:data|stringData):((?:\s{1,10}[\w.-]{1,253}:\s{1,4}[^\s:]{1,65536}(?!\S)){1,200})/dg

/** Finds all values of Kubernetes Secrets, whatever their keys are called. */
function dataOfSecrets(text: string): readonly Span[] {
  if (!kind.test(text)) return []
  const json = [...text.matchAll(jsonData)].flatMap(({ indices }) => (indices?.[1] ? [indices[1]] : []))
  const yaml = [...text.matchAll(yamlData)].flatMap(({ indices }) => (indices?.[2] ? [indices[2]] : []))
  const flat = [...text.matchAll(flatData)].flatMap(({ indices }) => (indices?.[1] ? [indices[1]] : []))
  return [...json, ...yaml, ...flat]
}
