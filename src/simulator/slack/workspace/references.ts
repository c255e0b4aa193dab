import type { MessageAttachment } from '@slack/types'
import type { Link, Mention } from './records.ts'

interface Shown {
  readonly text: string
  readonly blocks: readonly unknown[]
  readonly attachments: readonly MessageAttachment[]
  readonly linkNames: boolean
}

/** Finds all mentions and links in a message, with their places. */
export function referencesOf({ text, blocks, attachments, linkNames }: Shown): References {
  return joined([
    mrkdwnReferences(text, '/text', linkNames),
    ...blocks.map((block, index) => within(block, `/blocks/${index}`)),
    ...attachments.map((attachment, index) => inAttachment(attachment, `/attachments/${index}`)),
  ])
}

function joined(all: readonly References[]): References {
  return { mentions: all.flatMap((each) => each.mentions), links: all.flatMap((each) => each.links) }
}

function within(value: unknown, pointer: string): References {
  if (typeof value !== 'object' || value === null) return joined([])
  const own = 'type' in value ? ofElement(value, pointer) : joined([])
  return joined([own, ...Object.entries(value).map(([key, inside]) => within(inside, `${pointer}/${key}`))])
}

/** Finds mentions and links in an element. Plain, raw and rich texts are not parsed. */
function ofElement(element: object, pointer: string): References {
  const fields = element as Readonly<Record<string, string | undefined>> // validated; read only where the type says so
  switch (fields.type) {
    case 'mrkdwn':
    case 'markdown':
      return ofText(fields.text ?? '', `${pointer}/text`, fields.type)
    case 'user':
      return called('user', fields.user_id, `${pointer}/user_id`)
    case 'usergroup':
      return called('usergroup', fields.usergroup_id, `${pointer}/usergroup_id`)
    case 'channel':
      return called('channel', fields.channel_id, `${pointer}/channel_id`)
    case 'broadcast':
      return called('broadcast', fields.range, `${pointer}/range`)
    case 'link':
    case 'date':
    case 'button':
    case 'url':
      return linked(fields, pointer)
    default:
      return joined([])
  }
}

const markdownLink = /\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g

function ofText(text: string, pointer: string, type: 'mrkdwn' | 'markdown'): References {
  if (type === 'mrkdwn') return mrkdwnReferences(text, pointer)
  const links = [...text.matchAll(markdownLink)].map(([, shown = '', url = '']) => ({
    url,
    ...(shown && { text: shown }),
    automatic: false,
    pointer,
  }))
  return joined([mrkdwnReferences(text.replaceAll(markdownLink, ' '), pointer), { mentions: [], links }])
}

function called(kind: References['mentions'][number]['kind'], id: string | undefined, pointer: string): References {
  return { mentions: id ? [{ kind, id, pointer }] : [], links: [] }
}

function linked({ url, text }: Readonly<Record<string, unknown>>, pointer: string): References {
  if (typeof url !== 'string') return joined([])
  return {
    mentions: [],
    links: [{ url, ...(typeof text === 'string' && { text }), automatic: false, pointer: `${pointer}/url` }],
  }
}

/** https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments */
function inAttachment(attachment: MessageAttachment, pointer: string): References {
  const { blocks = [], fields = [], text = '', pretext = '', title_link, author_link } = attachment
  const addresses = Object.entries({ title_link, author_link })
  return joined([
    mrkdwnReferences(pretext, `${pointer}/pretext`),
    mrkdwnReferences(text, `${pointer}/text`),
    ...fields.map(({ value }, index) => mrkdwnReferences(value ?? '', `${pointer}/fields/${index}/value`)),
    ...blocks.map((block, index) => within(block, `${pointer}/blocks/${index}`)),
    ...addresses.map(([key, url]) => linked({ url }, `${pointer}/${key}`)),
  ])
}

interface References {
  readonly mentions: readonly Mention[]
  readonly links: readonly Link[]
}

const broadcasts = new Set(['here', 'channel', 'everyone'])

/**
 * Finds mentions and links in mrkdwn. https://docs.slack.dev/messaging/formatting-message-text
 * `linkNames`: `parse: full` or `link_names`, with which plain names are mentions, too.
 */
function mrkdwnReferences(text: string, pointer: string, linkNames = false): References {
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

/** Finds plain addresses in a text, which clients turn into links. */
function addressesIn(text: string): readonly string[] {
  return [...text.matchAll(/\b(?:https?:\/\/|mailto:)[^\s<>|`]+/g)].map((match) => match[0])
}
