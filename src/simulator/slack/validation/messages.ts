import { z } from 'zod'
import { blockProblems } from './block-problems.ts'
import { characters, composition, webUrl } from './composition.ts'
import { limits } from './limits.ts'
import { issuesOf, type Problem } from './problem.ts'

/** The call of a message: chat.postMessage, chat.update, chat.postEphemeral, or a response_url. */
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

/** Checks the text of a message. chat.postMessage truncates a long text; only chat.update refuses it. */
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
const attachmentSchema = z.array(attachment).max(limits.message.attachments)

function attachmentProblems(attachments: unknown, at: string): readonly Problem[] {
  const found = issuesOf(attachmentSchema, attachments, at)
  if (found.length > 0) return found.map((each) => ({ error: 'invalid_attachments', ...each }))
  return attachmentSchema
    .parse(attachments)
    .flatMap(({ blocks }, index) =>
      blocks === undefined ? [] : blockProblems(blocks, 'message', `${at}/${index}/blocks`),
    )
}

const scalar = z.union([z.string(), z.number(), z.boolean()])
const flat = z.record(z.string(), scalar)
const schema = z.strictObject({
  event_type: characters(limits.metadata.eventType),
  event_payload: z.record(z.string(), z.union([scalar, flat, z.array(flat)])),
})

/** https://docs.slack.dev/messaging/message-metadata. An empty object removes what a message had. */
function metadataProblems(metadata: unknown, at: string): readonly Problem[] {
  if (JSON.stringify(metadata) === '{}') return []
  const found = issuesOf(schema, metadata, at)
  if (found.length > 0) return found.map((each) => ({ error: 'invalid_metadata_format', ...each }))
  const { length } = JSON.stringify(metadata)
  const message = `must be less than ${limits.metadata.characters + 1} characters`
  return length > limits.metadata.characters ? [{ error: 'metadata_too_large', pointer: at, message }] : []
}

const shared = {
  blocks: z.array(z.looseObject({ type: z.string() })),
  callback_id: characters(limits.view.callbackId, 0).optional(),
  external_id: characters(limits.view.externalId, 0).optional(),
  private_metadata: characters(limits.view.privateMetadata, 0).optional(),
}
const modal = z
  .strictObject({
    type: z.literal('modal'),
    ...shared,
    title: composition.plainText(limits.view.title),
    submit: composition.plainText(limits.view.button).optional(),
    close: composition.plainText(limits.view.button).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
  })
  .refine(({ submit, blocks }) => submit !== undefined || blocks.every((block) => block.type !== 'input'), {
    error: '`submit` is required when there are input blocks',
  })
const viewSchema = z.discriminatedUnion('type', [modal, z.strictObject({ type: z.literal('home'), ...shared })])

/** https://docs.slack.dev/reference/views: every problem of a view is one of the call's arguments. */
export function viewProblems(view: unknown): readonly Problem[] {
  const parsed = viewSchema.safeParse(view)
  if (!parsed.success)
    return issuesOf(viewSchema, view, '/view').map((each) => ({ error: 'invalid_arguments' as const, ...each }))
  const inBlocks = blockProblems(parsed.data.blocks, parsed.data.type, '/view/blocks')
  if (inBlocks.length > 0) return inBlocks.map((each) => ({ ...each, error: 'invalid_arguments' as const }))
  const bytes = Buffer.byteLength(JSON.stringify(view))
  if (bytes <= limits.view.bytes) return []
  return [{ error: 'view_too_large', pointer: '/view', message: `${bytes} bytes, of ${limits.view.bytes}` }]
}
