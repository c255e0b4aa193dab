import type { MrkdwnNode } from './mrkdwn-node.ts'
import { readLine } from './read-line.ts'
import { unescaped } from './unescaped.ts'

const fence = '```'
const quoted = /^(?:&gt;|>) ?/
/** Everything that follows is quoted. */
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

/** A fence may stand on lines of its own. */
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

/** How many lines from here on are one quote. */
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
