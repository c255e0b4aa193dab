import { z } from 'zod'
import { attachmentProblems } from './attachment-problems.ts'
import { blockProblems } from './block-problems.ts'
import { characters } from './characters.ts'
import { issuesOf } from './issues-of.ts'
import { limits } from './limits.ts'
import { metadataProblems } from './metadata-problems.ts'
import type { Problem } from './problem.ts'

/** Which call a message is for: chat.postMessage, chat.update, chat.postEphemeral, or a response_url. */
export type MessageKind = 'post' | 'update' | 'ephemeral' | 'response'

const channel = z.string().min(1)
const ts = z.string().regex(/^\d{10}\.\d{6}$/, { error: 'invalid_ts' })
const flag = z.boolean().optional()
const content = {
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  markdown_text: characters(limits.markdown.characters).optional(),
  parse: z.enum(['full', 'none']).optional(),
  link_names: flag,
  mrkdwn: flag,
}
const unfurls = { unfurl_links: flag, unfurl_media: flag }
const author = {
  username: z.string().min(1).optional(),
  icon_emoji: z.string().min(1).optional(),
  icon_url: z.string().min(1).optional(),
}
const metadata = { metadata: z.unknown().optional() }

/** The arguments that the page of each method names, and no others. */
const schemas = {
  post: z.strictObject({
    ...content,
    ...unfurls,
    ...author,
    ...metadata,
    channel,
    thread_ts: ts.optional(),
    reply_broadcast: flag,
    as_user: flag,
  }),
  update: z.strictObject({ ...content, ...metadata, channel, ts, reply_broadcast: flag, as_user: flag }),
  ephemeral: z.strictObject({
    ...content,
    ...author,
    channel,
    user: z.string().min(1),
    thread_ts: ts.optional(),
    as_user: flag,
  }),
  response: z
    .strictObject({
      ...content,
      ...unfurls,
      ...metadata,
      response_type: z.enum(['ephemeral', 'in_channel']).optional(),
      replace_original: flag,
      delete_original: flag,
      thread_ts: ts.optional(),
    })
    .refine((body) => !body.thread_ts || (body.response_type === 'in_channel' && !body.replace_original), {
      error: '`thread_ts` is for `in_channel` responses that replace nothing',
    }),
} as const satisfies Record<MessageKind, z.ZodType>

export function messageProblems(payload: unknown, kind: MessageKind): readonly Problem[] {
  const schema: z.ZodType<Content> = schemas[kind]
  const parsed = schema.safeParse(payload)
  if (!parsed.success)
    return issuesOf(schema, payload, '').map((each) => ({ error: 'invalid_arguments' as const, ...each }))
  const message = parsed.data
  if (message.delete_original) return []
  return [
    ...textProblems(message, kind),
    ...(message.blocks === undefined ? [] : blockProblems(message.blocks, 'message', '/blocks')),
    ...(message.attachments === undefined ? [] : attachmentProblems(message.attachments, '/attachments')),
    ...(message.metadata === undefined ? [] : metadataProblems(message.metadata, '/metadata')),
  ]
}

interface Content {
  readonly text?: string | undefined
  readonly blocks?: unknown
  readonly attachments?: unknown
  readonly markdown_text?: string | undefined
  readonly metadata?: unknown
  readonly delete_original?: boolean | undefined
}

/** What chat.postMessage does with too long a text is to cut it off; only chat.update refuses it. */
function textProblems({ text, blocks, attachments, markdown_text }: Content, kind: MessageKind): readonly Problem[] {
  if (markdown_text !== undefined && (text !== undefined || blocks !== undefined))
    return [{ error: 'markdown_text_conflict', pointer: '/markdown_text', message: 'stands alone' }]
  if (![text, blocks, attachments, markdown_text].some(isThere))
    return [{ error: 'no_text', pointer: '/text', message: 'there is nothing to show' }]
  const maximum = limits.message.updatedText
  if (kind !== 'update' || text === undefined || [...text].length <= maximum) return []
  return [{ error: 'msg_too_long', pointer: '/text', message: `must be less than ${maximum + 1} characters` }]
}

function isThere(content: unknown): boolean {
  return Array.isArray(content) ? content.length > 0 : Boolean(content)
}
