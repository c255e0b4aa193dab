/** Parses the text between `<` and `>`. https://docs.slack.dev/messaging/formatting-message-text#advanced */
function readToken(token: string): MrkdwnNode {
  const bar = token.indexOf('|')
  const target = bar < 0 ? token : token.slice(0, bar)
  const label = bar < 0 ? undefined : unescaped(token.slice(bar + 1))
  if (/^@[UW]\w+$/.test(target)) return { kind: 'user', id: target.slice(1) }
  if (/^#[CDG]\w+$/.test(target)) return { kind: 'channel', id: target.slice(1) }
  if (target.startsWith('!')) return special(target.slice(1), label)
  if (/^(?:https?:\/\/|mailto:)/i.test(target))
    return { kind: 'link', url: unescaped(target), ...(label && { text: label }) }
  return { kind: 'text', text: label ?? unescaped(`<${token}>`) }
}

function special(target: string, label: string | undefined): MrkdwnNode {
  if (target === 'here' || target === 'channel' || target === 'everyone') return { kind: 'broadcast', range: target }
  const [name = '', value = '', format = '', url] = target.split('^')
  if (name === 'subteam' && value) return { kind: 'usergroup', id: value }
  if (name === 'date' && /^\d{1,12}$/.test(value) && format) {
    const fallback = label ?? ''
    return {
      kind: 'date',
      timestamp: Number(value),
      format: unescaped(format),
      fallback,
      ...(url && { url: unescaped(url) }),
    }
  }
  return { kind: 'text', text: label ?? `@${target}` }
}

export interface Atom {
  /** The position after it. */
  readonly end: number
  readonly node: MrkdwnNode
}

// Sticky, and each stops at its own beginning: whatever the text, it is read once.
const token = /<([^<>\n]{1,4000})>/y
const code = /`([^`\n]+)`/y
const emoji = /:([\w+'-]{1,60}(?:::skin-tone-[2-6])?):/y
// An escaped angle ends it too.
const address = /https?:\/\/(?:[^\s<>|`&]|&(?!lt;|gt;))+/iy

/** Finds parts that styles do not affect, by position. `bareLinks`: plain addresses become links. */
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

/** Returns the text of a link in code: its label or its address. */
function shownInCode(text: string): string {
  return unescaped(text.replaceAll(/<(?:[^<>|]*\|)?([^<>|]*)>/g, '$1'))
}

/** Finds an address, without trailing punctuation or style marks. */
function addressAt(line: string, at: number): Atom | undefined {
  address.lastIndex = at
  const found = address.exec(line)?.[0]
  if (!found) return undefined
  let { length } = found
  while (/[.,;:!?)\]}'"*_~]/.test(found[length - 1] ?? '') && !found.slice(0, length).endsWith('&amp;')) length -= 1
  return { end: at + length, node: { kind: 'link', url: unescaped(found.slice(0, length)) } }
}

const characters: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

/** The three characters that Slack escapes, and no others. https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function unescaped(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt);/g, (found) => characters[found] ?? found)
}

/** A node of parsed mrkdwn. Every text in it is data. */
export type MrkdwnNode =
  | { readonly kind: 'text' | 'code' | 'preformatted'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike' | 'quote'; readonly inside: readonly MrkdwnNode[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'link'; readonly url: string; readonly text?: string }
  | { readonly kind: 'user' | 'usergroup' | 'channel'; readonly id: string }
  | { readonly kind: 'broadcast'; readonly range: string }
  | { readonly kind: 'emoji'; readonly name: string }
  | {
      readonly kind: 'date'
      /** Seconds since 1970. */
      readonly timestamp: number
      /** `{date_short_pretty} at {time}` */
      readonly format: string
      readonly url?: string
      readonly fallback: string
    }
