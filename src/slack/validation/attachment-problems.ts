import { z } from 'zod'
import { blockProblems } from './block-problems.ts'
import { issuesOf } from './issues-of.ts'
import { limits } from './limits.ts'
import type { Problem } from './problem.ts'
import { webUrl } from './web-url.ts'

const words = z.string().optional()
const url = webUrl(limits.image.url).optional()

/** https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments */
const attachment = z.strictObject({
  blocks: z.unknown().optional(),
  fallback: words,
  color: z
    .string()
    .regex(/^(?:good|warning|danger|#?[0-9a-fA-F]{6})$/)
    .optional(),
  pretext: words,
  author_name: words,
  author_link: url,
  author_icon: url,
  title: words,
  title_link: url,
  text: words,
  fields: z.array(z.strictObject({ title: words, value: words, short: z.boolean().optional() })).optional(),
  image_url: url,
  thumb_url: url,
  footer: z.string().max(300).optional(),
  footer_icon: url,
  ts: z.union([z.string(), z.number()]).optional(),
  callback_id: words,
  mrkdwn_in: z.array(z.enum(['pretext', 'text', 'fields', 'fallback'])).optional(),
  actions: z.array(z.looseObject({ type: z.enum(['button', 'select']), text: z.string() })).optional(),
})
const schema = z.array(attachment).max(limits.message.attachments)

export function attachmentProblems(attachments: unknown, at: string): readonly Problem[] {
  const found = issuesOf(schema, attachments, at)
  if (found.length > 0) return found.map((each) => ({ error: 'invalid_attachments', ...each }))
  return schema
    .parse(attachments)
    .flatMap(({ blocks }, index) =>
      blocks === undefined ? [] : blockProblems(blocks, 'message', `${at}/${index}/blocks`),
    )
}
