import type { Link, Mention } from './records.ts'

export interface References {
  readonly mentions: readonly Mention[]
  readonly links: readonly Link[]
}

const broadcasts = new Set(['here', 'channel', 'everyone'])

/**
 * Whom a text in mrkdwn calls, and what it links to. https://docs.slack.dev/messaging/formatting-message-text
 * `linkNames`: `parse: full` or `link_names`, with which bare names count too.
 */
export function mrkdwnReferences(text: string, pointer: string, linkNames = false): References {
  const tokens = [...text.matchAll(/<([^<>]+)>/g)].map((match) => tokenOf(match[1] ?? '', pointer))
  const bare = text.replaceAll(/<[^<>]+>/g, ' ')
  return {
    mentions: [
      ...tokens.flatMap((token) => token.mentions),
      ...(linkNames ? namesIn(bare).map((id) => ({ kind: 'broadcast' as const, id, pointer })) : []),
    ],
    links: [
      ...tokens.flatMap((token) => token.links),
      ...addressesIn(bare).map((url) => ({ url, automatic: true, pointer })),
    ],
  }
}

function tokenOf(token: string, pointer: string): References {
  const [target = '', ...shown] = token.split('|')
  const text = shown.join('|')
  const mention = mentionOf(target)
  if (mention) return { mentions: [{ ...mention, pointer }], links: [] }
  const url = target.startsWith('!date^') ? target.split('^')[3] : target
  if (!url || url.startsWith('!')) return { mentions: [], links: [] }
  return { mentions: [], links: [{ url, ...(text && { text }), automatic: false, pointer }] }
}

function mentionOf(target: string): Omit<Mention, 'pointer'> | undefined {
  if (target.startsWith('@')) return { kind: 'user', id: target.slice(1) }
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1) }
  if (target.startsWith('!subteam^')) return { kind: 'usergroup', id: target.slice('!subteam^'.length) }
  return broadcasts.has(target.slice(1)) && target.startsWith('!')
    ? { kind: 'broadcast', id: target.slice(1) }
    : undefined
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|\s)@(here|channel|everyone)\b/g)].map((match) => match[1] ?? '')
}

/** Clients make an address out of what stands in a text by itself. */
function addressesIn(text: string): readonly string[] {
  return [...text.matchAll(/\b(?:https?:\/\/|mailto:)[^\s<>|`]+/g)].map((match) => match[0])
}
