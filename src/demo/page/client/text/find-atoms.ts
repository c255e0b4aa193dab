import type { MrkdwnNode } from './mrkdwn-node.ts'
import { readToken } from './read-token.ts'
import { unescaped } from './unescaped.ts'

export interface Atom {
  /** Where the text goes on. */
  readonly end: number
  readonly node: MrkdwnNode
}

// Sticky, and each stops at its own beginning: whatever the text, it is read once.
const token = /<([^<>\n]{1,4000})>/y
const code = /`([^`\n]+)`/y
const emoji = /:([\w+'-]{1,60}(?:::skin-tone-[2-6])?):/y
// An escaped angle ends it too.
const address = /https?:\/\/(?:[^\s<>|`&]|&(?!lt;|gt;))+/iy

/** What no style reaches into, by where it begins in a line. `bareLinks`: addresses become links by themselves. */
export function findAtoms(line: string, bareLinks: boolean): ReadonlyMap<number, Atom> {
  const atoms = new Map<number, Atom>()
  let at = 0
  while (at < line.length) {
    const atom = atomAt(line, at, bareLinks)
    if (atom) atoms.set(at, atom)
    at = atom?.end ?? at + 1
  }
  return atoms
}

function atomAt(line: string, at: number, bareLinks: boolean): Atom | undefined {
  switch (line[at]) {
    case '<':
      return matched(token, line, at, readToken)
    case '`':
      return matched(code, line, at, (text) => ({ kind: 'code', text: shownInCode(text) }))
    case ':':
      return matched(emoji, line, at, (name) => ({ kind: 'emoji', name }))
    case 'h':
    case 'H':
      return bareLinks && !/\w/.test(line[at - 1] ?? '') ? addressAt(line, at) : undefined
    default:
      return undefined
  }
}

function matched(pattern: RegExp, line: string, at: number, read: (text: string) => MrkdwnNode): Atom | undefined {
  pattern.lastIndex = at
  const found = pattern.exec(line)
  return found?.[1] ? { end: pattern.lastIndex, node: read(found[1]) } : undefined
}

/** In code a link is its label, or its address. */
function shownInCode(text: string): string {
  return unescaped(text.replaceAll(/<(?:[^<>|]*\|)?([^<>|]*)>/g, '$1'))
}

/** An address does not end with what ends a sentence or a style. */
function addressAt(line: string, at: number): Atom | undefined {
  address.lastIndex = at
  const found = address.exec(line)?.[0]
  if (!found) return undefined
  let { length } = found
  while (/[.,;:!?)\]}'"*_~]/.test(found[length - 1] ?? '') && !found.slice(0, length).endsWith('&amp;')) length -= 1
  return { end: at + length, node: { kind: 'link', url: unescaped(found.slice(0, length)) } }
}
