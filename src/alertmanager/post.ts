import { z } from 'zod'

const field = z.object({ title: z.string().catch(''), value: z.string().catch('') })
const attachment = z.object({
  pretext: z.string().catch(''),
  title: z.string().catch(''),
  text: z.string().catch(''),
  fallback: z.string().catch(''),
  fields: z.array(field).catch([]),
})

/** A message in Slack, as far as its words go. https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments/ */
export const postSchema = z.object({
  text: z.string().catch(''),
  attachments: z.array(attachment).catch([]),
  blocks: z.array(z.unknown()).catch([]),
})
export type Post = z.infer<typeof postSchema>

/** Characters that are read of a post, and how deep its blocks are. */
const limits = { characters: 20_000, depth: 8 } as const

/** All its words, each piece on lines of its own, without Slack's own markup. */
export function wordsOf({ text, attachments, blocks }: Post): string {
  const pieces = [
    text,
    ...attachments.flatMap((it) => [
      it.pretext,
      it.title,
      it.text,
      ...it.fields.map(({ title, value }) => `${title}: ${value}`),
      it.title === '' && it.text === '' ? it.fallback : '',
    ]),
    ...blocks.flatMap((block) => textsIn(block, 0)),
  ]
  return plainOf(pieces.filter(Boolean).join('\n').slice(0, limits.characters))
}

function textsIn(of: unknown, depth: number): readonly string[] {
  if (typeof of !== 'object' || of === null || depth > limits.depth) return []
  if (Array.isArray(of)) return of.flatMap((it) => textsIn(it, depth + 1))
  return Object.entries(of).flatMap(([key, value]) =>
    key === 'text' && typeof value === 'string' ? [value] : textsIn(value, depth + 1),
  )
}

/** https://docs.slack.dev/messaging/formatting-message-text/#escaping; of a link its label is a word of the post, not its address. */
function plainOf(text: string): string {
  return text
    .replaceAll(/<[^<>|]{0,3000}\|([^<>]{0,3000})>/g, ' $1 ')
    .replaceAll(/<[^<>]{0,3000}>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
