import { z } from 'zod'
import { characters, webUrl } from './composition.ts'
import { limits } from './limits.ts'

const style = z
  .strictObject({
    bold: z.boolean(),
    italic: z.boolean(),
    strike: z.boolean(),
    underline: z.boolean(),
    code: z.boolean(),
  })
  .partial()
  .optional()

/** The style of a mention. Slack itself sets the last three. */
const mentionStyle = z
  .strictObject({
    bold: z.boolean(),
    italic: z.boolean(),
    strike: z.boolean(),
    underline: z.boolean(),
    code: z.boolean(),
    highlight: z.boolean(),
    client_highlight: z.boolean(),
    unlink: z.boolean(),
  })
  .partial()
  .optional()

function id(letters: string): z.ZodString {
  return z.string().regex(new RegExp(`^[${letters}][A-Z0-9]{2,20}$`), { error: 'invalid_id' })
}

// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
const tokens = new Set([
  ...['day_divider_pretty', 'date_num', 'date_slash', 'date_long', 'date_long_full', 'date_long_pretty', 'date'],
  ...['date_pretty', 'date_short', 'date_short_pretty', 'time', 'time_secs', 'ago'],
])

function hasKnownTokens(format: string): boolean {
  const found = [...format.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '')
  return found.length > 0 && found.every((token) => tokens.has(token))
}

const anyLength = characters(Number.POSITIVE_INFINITY)
const text = z.strictObject({ type: z.literal('text'), text: anyLength, style })
const link = z.strictObject({
  type: z.literal('link'),
  url: webUrl(limits.button.url),
  text: anyLength.optional(),
  unsafe: z.boolean().optional(),
  style,
})

const inline = z.discriminatedUnion('type', [
  text,
  link,
  z.strictObject({
    type: z.literal('emoji'),
    name: z.string().regex(/^[\w+'-]{1,100}(::skin-tone-[2-6])?$/, { error: 'invalid_emoji_name' }),
    unicode: z.string().optional(),
    url: webUrl(limits.image.url).optional(),
    style,
  }),
  z.strictObject({ type: z.literal('user'), user_id: id('UW'), style: mentionStyle }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: id('S'), style: mentionStyle }),
  z.strictObject({ type: z.literal('channel'), channel_id: id('CDG'), style: mentionStyle }),
  z.strictObject({ type: z.literal('team'), team_id: id('T'), style }),
  z.strictObject({ type: z.literal('broadcast'), range: z.enum(['here', 'channel', 'everyone']), style }),
  z.strictObject({
    type: z.literal('color'),
    value: z.string().regex(/^#[0-9a-fA-F]{6}$/, { error: 'invalid_color' }),
    style,
  }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int().positive(),
    format: anyLength.refine(hasKnownTokens, { error: 'invalid_date_format' }),
    url: webUrl(limits.button.url).optional(),
    fallback: anyLength.optional(),
    style,
  }),
])

const border = z.union([z.literal(0), z.literal(1)]).optional()
const section = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(inline).min(1) })

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
export const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: characters(limits.blocks.blockId).optional(),
  elements: z
    .array(
      z.discriminatedUnion('type', [
        section,
        z.strictObject({
          type: z.literal('rich_text_list'),
          style: z.enum(['bullet', 'ordered']),
          elements: z.array(section).min(1),
          indent: z.int().min(0).max(limits.richText.indent).optional(),
          offset: z.int().min(0).optional(),
          border,
        }),
        z.strictObject({
          type: z.literal('rich_text_preformatted'),
          elements: z.array(z.discriminatedUnion('type', [text, link])).min(1),
          border,
        }),
        z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(inline).min(1), border }),
      ]),
    )
    .min(1),
})
