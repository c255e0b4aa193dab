import type {
  Button,
  KnownBlock,
  MessageAttachment,
  RichTextBlock,
  RichTextBlockElement,
  RichTextElement,
  TextObject,
} from '@slack/types'
import type { Content } from './records.ts'

/** Returns the displayed name of a user or channel: `U0MAYA0001` → `@maya`. */
export type NameOf = (id: string) => string

/**
 * Returns the text that a person reads, line by line: without addresses behind links, and without menus and confirmations that
 * are not open. Collapsed text is included. Buttons are in brackets, and dates are their fallback texts.
 */
export function plainText({ text, blocks, attachments }: Omit<Content, 'mentions' | 'links'>, nameOf: NameOf): string {
  const shown = blocks.length > 0 ? blocks.flatMap((block) => linesOf(block, nameOf)) : [mrkdwn(text, nameOf)]
  const below = attachments.flatMap((attachment) => linesOfAttachment(attachment, nameOf))
  return [...shown, ...below].filter((line) => line !== '').join('\n')
}

function linesOf(block: KnownBlock, nameOf: NameOf): readonly string[] {
  const words = (of: TextObject | undefined): string => textOf(of, nameOf)
  switch (block.type) {
    case 'header':
    case 'alert':
      return [words(block.text)]
    case 'section':
      return [words(block.text), ...(block.fields ?? []).map(words), ...labels([block.accessory])]
    case 'context':
      return [block.elements.map((each) => (each.type === 'image' ? each.alt_text : words(each))).join(' ')]
    case 'actions':
    case 'context_actions':
      return labels(block.elements)
    case 'markdown':
      return [block.text]
    case 'image':
      return [words(block.title), block.alt_text]
    case 'card':
      return [words(block.title), words(block.subtitle), words(block.body), ...labels(block.actions ?? [])]
    case 'input':
      return [words(block.label), words(block.hint)]
    default:
      return linesInside(block, nameOf)
  }
}

/** Returns the lines of nested blocks. */
function linesInside(block: KnownBlock, nameOf: NameOf): readonly string[] {
  const rich = (of: RichTextBlock | undefined): readonly string[] =>
    of?.elements.flatMap((element) => richLines(element, nameOf)) ?? []
  switch (block.type) {
    case 'rich_text':
      return rich(block)
    case 'carousel':
      return block.elements.flatMap((each) => linesOf(each, nameOf))
    case 'container':
      return [
        ...(block.rich_text_title ? rich(block.rich_text_title) : [textOf(block.title, nameOf)]),
        textOf(block.subtitle, nameOf),
        ...block.child_blocks.flatMap((each) => linesOf(each, nameOf)),
      ]
    case 'task_card':
      return [`${marks[block.status]} ${block.title}`, ...rich(block.details), ...rich(block.output)]
    case 'plan':
      return [block.title, ...(block.tasks ?? []).flatMap((task) => linesOf(task as KnownBlock, nameOf))] // validated
    case 'table':
    case 'data_table':
      return block.rows.map((row) =>
        row.map((cell) => (cell.type === 'rich_text' ? rich(cell).join(' ') : cell.text)).join(' | '),
      )
    default:
      return []
  }
}

const marks = { pending: '○', in_progress: '●', complete: '✓', error: '✗' } as const

function labels(elements: readonly (object | undefined)[]): readonly string[] {
  const shown = elements.flatMap((element) => {
    if (!element || !('type' in element)) return []
    if (element.type === 'overflow') return ['[…]']
    if (element.type === 'image') return []
    return 'text' in element ? [`[${(element as Button).text.text}]`] : [`[${String(element.type)}]`] // a labelled element
  })
  return [shown.join(' ')]
}

function textOf(of: TextObject | undefined, nameOf: NameOf): string {
  if (!of) return ''
  return of.type === 'mrkdwn' ? mrkdwn(of.text, nameOf) : of.text
}

function mrkdwn(text: string, nameOf: NameOf): string {
  const shown = text.replaceAll(/<([^<>]+)>/g, (_, token: string) => shownToken(token, nameOf))
  return shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

function shownToken(token: string, nameOf: NameOf): string {
  const [target = '', label] = token.split('|')
  if (label) return label
  if (target.startsWith('!subteam^')) return nameOf(target.slice('!subteam^'.length))
  if (/^[@#]/.test(target)) return nameOf(target.slice(1))
  return target.startsWith('!') ? `@${target.slice(1)}` : target
}

function richLines(element: RichTextBlockElement, nameOf: NameOf): readonly string[] {
  if (element.type === 'rich_text_list')
    return element.elements.flatMap((item, index) =>
      richLines(item, nameOf).map((line) => `${element.style === 'ordered' ? `${index + 1}.` : '•'} ${line}`),
    )
  return [element.elements.map((inline) => inlineText(inline, nameOf)).join('')]
}

function inlineText(inline: RichTextElement, nameOf: NameOf): string {
  switch (inline.type) {
    case 'text':
      return inline.text
    case 'link':
      return inline.text ?? inline.url
    case 'emoji':
      return emoji(inline.name, inline.unicode)
    case 'user':
      return nameOf(inline.user_id)
    case 'usergroup':
      return nameOf(inline.usergroup_id)
    case 'channel':
      return nameOf(inline.channel_id)
    case 'team':
      return nameOf(inline.team_id)
    case 'broadcast':
      return `@${inline.range}`
    case 'color':
      return inline.value
    case 'date':
      return inline.fallback ?? `${new Date(inline.timestamp * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  }
}

function emoji(name: string, unicode: string | undefined): string {
  return unicode ? String.fromCodePoint(...unicode.split('-').map((part) => Number.parseInt(part, 16))) : `:${name}:`
}

function linesOfAttachment(attachment: MessageAttachment, nameOf: NameOf): readonly string[] {
  const { pretext = '', author_name = '', title = '', text = '', fields = [], footer = '', blocks = [] } = attachment
  return [
    mrkdwn(pretext, nameOf),
    author_name,
    title,
    mrkdwn(text, nameOf),
    ...fields.flatMap((field) => [field.title ?? '', mrkdwn(field.value ?? '', nameOf)]),
    ...blocks.flatMap((block) => linesOf(block as KnownBlock, nameOf)), // validated
    footer,
  ]
}
