import { z } from 'zod'

const field = z.object({ title: z.string().catch(''), value: z.string().catch('') })
const attachment = z.object({
  color: z.string().catch(''),
  pretext: z.string().catch(''),
  author_name: z.string().catch(''),
  title: z.string().catch(''),
  text: z.string().catch(''),
  fallback: z.string().catch(''),
  footer: z.string().catch(''),
  fields: z.array(field).catch([]),
  blocks: z.array(z.unknown()).catch([]),
})

/** A message in Slack, as far as its words go. https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments/ */
export const postSchema = z.object({
  text: z.string().catch(''),
  attachments: z.array(attachment).catch([]),
  blocks: z.array(z.unknown()).catch([]),
})
export type Post = z.infer<typeof postSchema>

/** A part of a post: its own words, or one attachment. */
export interface Piece {
  readonly text: string
  /** Of the attachment's bar, as Slack has it: `danger`, `2eb886`; empty: none. */
  readonly color: string
}

/** Characters that are read of a post, parts of it, and how deep its blocks are. */
const limits = { characters: 20_000, pieces: 100, depth: 10 } as const

/** Its parts in their order, without Slack's own markup. Of a text that stands twice, as a notification does, both stay. */
export function piecesOf({ text, attachments, blocks }: Post): readonly Piece[] {
  const own = [text, ...blocks.flatMap((block) => textsIn(block, 0))]
  const pieces = [
    { text: joined(own), color: '' },
    ...attachments.slice(0, limits.pieces).map((it) => ({ text: joined(wordsIn(it)), color: it.color })),
  ]
  let left: number = limits.characters
  return pieces.flatMap((it) => {
    const kept = plainOf(it.text.slice(0, left))
    left -= kept.length
    return kept.trim() === '' ? [] : [{ ...it, text: kept }]
  })
}

/** All its words, each piece on lines of its own. */
export function wordsOf(post: Post): string {
  return piecesOf(post)
    .map(({ text }) => text)
    .join('\n')
}

function joined(texts: readonly string[]): string {
  return texts.filter(Boolean).join('\n')
}

function wordsIn(of: Post['attachments'][number]): readonly string[] {
  const words = [
    ...[of.pretext, of.author_name, of.title, of.text],
    ...of.fields.map(({ title, value }) => `${title}: ${value}`),
    ...of.blocks.flatMap((block) => textsIn(block, 0)),
  ]
  return words.some(Boolean) ? [...words, of.footer] : [of.fallback]
}

const element = z.object({ type: z.string().catch(''), elements: z.array(z.unknown()) })

/** The elements of a rich text are the words of one line. */
function textsIn(of: unknown, depth: number): readonly string[] {
  if (typeof of !== 'object' || of === null || depth > limits.depth) return []
  if (Array.isArray(of)) return of.flatMap((it) => textsIn(it, depth + 1))
  const rich = element.safeParse(of)
  if (rich.success && /^rich_text_(?:section|preformatted|quote)$/.test(rich.data.type))
    return [rich.data.elements.flatMap((it) => textsIn(it, depth + 1)).join('')]
  return Object.entries(of).flatMap(([key, value]) =>
    key === 'text' && typeof value === 'string' ? [value] : textsIn(value, depth + 1),
  )
}

/** https://docs.slack.dev/messaging/formatting-message-text/#escaping; of a link its label is a word of the post, not its address. */
function plainOf(text: string): string {
  return text
    .replaceAll(/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g, '')
    .replaceAll(/<[^<>|]{0,3000}\|([^<>]{0,3000})>/g, ' $1 ')
    .replaceAll(/<[^<>]{0,3000}>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
