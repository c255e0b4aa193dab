import type { RichTextBlock, RichTextElement, RichTextList, RichTextPreformatted, RichTextSection } from '@slack/types'
import { redact } from '../../secret.ts'
import { type Text, visible } from '../../text.ts'

type Style = NonNullable<Extract<RichTextElement, { type: 'text' }>['style']>
type Line = readonly (RichTextElement | readonly RichTextElement[])[]

/** An image, a pod, a host, a path: what is easier to read, and to copy, in the type of code. */
const nameLike = /^(?=.{4,}$)(?=.*[/:.@_-])(?=.*[a-z])[\w./:@-]+$/i

const newLine: RichTextElement = { type: 'text', text: '\n' }

/**
 * Elements of rich text, in which nothing that stands in a text can become markup, a mention or a link: only `user` and
 * `link` make one, from ids that Slack gave.
 */
export const rich = {
  /** Our own words plain, the data in them as names or times where they look like one. */
  words: ({ parts }: Text, style: Style = {}): readonly RichTextElement[] =>
    parts.flatMap((part) => {
      if (typeof part === 'string') return part === '' ? [] : [styled(part, style)]
      if (part.data === '') return []
      if (isTime(part.data)) return [dated(part.data)]
      return [styled(visible(redact(part.data)), nameLike.test(part.data) ? { ...style, code: true } : style)]
    }),
  plain: (words: string): RichTextElement => styled(visible(words), {}),
  bold: (words: string): RichTextElement => styled(visible(words), { bold: true }),
  italic: (words: string): RichTextElement => styled(visible(words), { italic: true }),
  lineBreak: newLine,
  /** In the reader's own time zone; `iso`: RFC 3339. */
  time: (iso: string): RichTextElement => {
    const at = new Date(iso)
    const fallback = `${at.toISOString().slice(11, 16)} UTC`
    return { type: 'date', timestamp: Math.floor(at.getTime() / 1_000), format: '{time}', fallback }
  },
  user: (id: string): RichTextElement => ({ type: 'user', user_id: id }),
  group: (id: string): RichTextElement => ({ type: 'usergroup', usergroup_id: id }),
  link: (url: string, words: string): RichTextElement => ({ type: 'link', url, text: words }),
  section: (...line: Line): RichTextSection => ({ type: 'rich_text_section', elements: line.flat() }),
  bullets: (lines: readonly Line[]): RichTextList => ({
    type: 'rich_text_list',
    style: 'bullet',
    elements: lines.map((line) => rich.section(...line)),
  }),
  preformatted: (code: string): RichTextPreformatted => ({
    type: 'rich_text_preformatted',
    elements: [{ type: 'text', text: code }],
  }),
  block: (...elements: RichTextBlock['elements']): RichTextBlock => ({ type: 'rich_text', elements }),
} as const

/** RFC 3339, in UTC, as Kubernetes writes it. What only has its form (a 13th month) is none. */
function isTime(data: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(data) && !Number.isNaN(Date.parse(data))
}

/** Of any day: a build may have failed last week. */
function dated(iso: string): RichTextElement {
  const at = new Date(iso)
  const fallback = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const format = '{date_short_pretty} {time}'
  return { type: 'date', timestamp: Math.floor(at.getTime() / 1_000), format, fallback }
}

function styled(text: string, style: Style): RichTextElement {
  const words = text === '' ? ' ' : text // Slack refuses an empty one
  return Object.keys(style).length > 0 ? { type: 'text', text: words, style } : { type: 'text', text: words }
}
