import type { RichTextBlock, RichTextElement, RichTextList, RichTextPreformatted, RichTextSection } from '@slack/types'
import { redact } from '../../secret.ts'
import { type Text, visible } from '../../text.ts'

type Style = NonNullable<Extract<RichTextElement, { type: 'text' }>['style']>
type Line = readonly (RichTextElement | readonly RichTextElement[])[]

/** Images, pods, hosts and paths: names that are easier to read and copy when set as code. */
const nameLike = /^(?=.{4,}$)(?=.*[/:.@_-])(?=.*[a-z])[\w./:@-]+$/i

const newLine: RichTextElement = { type: 'text', text: '\n' }

/**
 * Elements of rich text. Text in them never becomes markup, a mention or a link: only `user`, `group` and `link` make one,
 * from ids and addresses that Slack gave.
 */
export const rich = {
  /** Our own words stay plain; data becomes code or a date where it looks like a name or a time. */
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

/** Tells whether data is a time in RFC 3339 and UTC, as Kubernetes writes it. A 13th month is not. */
function isTime(data: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(data) && !Number.isNaN(Date.parse(data))
}

/** With the day, because a build may have failed last week. */
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

/** Cuts a name in the middle, where names differ least: `cortex-chat-ba…5d9cf86b95-26kvf`. Counts characters, not bytes. */
export function shorten(name: string, limit: number): string {
  const letters = [...name]
  if (letters.length <= limit) return name
  const end = endKept(name, limit)
  return `${letters.slice(0, limit - end - 1).join('')}…${end > 0 ? letters.slice(-end).join('') : ''}`
}

/** Returns how many characters to keep of the end, which tells names apart: a tag, or a pod's hashes. At most two thirds. */
function endKept(name: string, limit: number): number {
  const most = Math.floor((limit * 2) / 3)
  const [last] = /(?::[\w][\w.-]*|-[a-z0-9]{1,10}-[a-z0-9]{5}|-[a-z0-9]+)$/i.exec(name) ?? ['']
  return Math.min(most, Math.max(last.length, Math.floor(limit / 3)))
}

/** Characters of a post's `text`: what a phone shows of a notification. */
export const notificationLimit = 100

/** Fits a sentence about a subject into a notification: the subject is cut first, then the sentence's end (the cluster). */
export function fitted(sentence: (subject: string) => string, subject: string): string {
  const room = notificationLimit - escaped(sentence('')).length
  const whole = escaped(sentence(shorten(subject, Math.max(12, room))))
  return whole.length <= notificationLimit ? whole : `${whole.slice(0, notificationLimit - 1)}…`
}

/** https://docs.slack.dev/messaging/formatting-message-text/#escaping: these three, and so no mention and no link. */
function escaped(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The last part of an image's name, with its tag; of a digest the beginning: `web:1.8.3`, `web@sha256:9f2c41ab`. */
export function shortImage(image: string, limit = 60): string {
  const name = image.slice(image.lastIndexOf('/') + 1)
  const [, before = name, digest] = /^(.*)@sha256:([0-9a-f]{8})[0-9a-f]*$/.exec(name) ?? []
  return shorten(digest ? `${before}@sha256:${digest}` : name, limit)
}

/**
 * A time as Slack's mrkdwn writes it in the reader's own time zone. `iso`: RFC 3339.
 * https://docs.slack.dev/messaging/formatting-message-text/#date-formatting
 */
export function when(iso: string, token: '{time}' | '{time_secs}' = '{time}'): string {
  const at = new Date(iso)
  return `<!date^${Math.floor(at.getTime() / 1_000)}^${token}|${at.toISOString().slice(11, 16)} UTC>`
}
