import { z } from 'zod'
import { limits } from './limits.ts'

function plainText(maximum: number) {
  return z.strictObject({ type: z.literal('plain_text'), text: characters(maximum), emoji: z.boolean().optional() })
}

function mrkdwn(maximum: number) {
  return z.strictObject({ type: z.literal('mrkdwn'), text: characters(maximum), verbatim: z.boolean().optional() })
}

function text(maximum: number) {
  return z.discriminatedUnion('type', [plainText(maximum), mrkdwn(maximum)])
}

const confirm = z.strictObject({
  title: plainText(limits.confirm.title).optional(),
  text: text(limits.confirm.text),
  confirm: plainText(limits.confirm.button).optional(),
  deny: plainText(limits.confirm.button).optional(),
  style: z.enum(['primary', 'danger']).optional(),
})

const optionParts = {
  value: characters(limits.option.value),
  description: plainText(limits.option.description).optional(),
}
const option = z.strictObject({ text: plainText(limits.option.text), ...optionParts })
/** An option of radio buttons and checkboxes. */
const richOption = z.strictObject({ text: text(limits.option.text), ...optionParts })
/** An option of overflow menus. */
const linkOption = option.extend({ url: webUrl(limits.option.url).optional() })

const optionGroup = z.strictObject({
  label: plainText(limits.optionGroup.label),
  options: z.array(option).min(1).max(limits.optionGroup.options),
})

const slackFile = z.union([
  z.strictObject({ id: z.string().min(1) }),
  z.strictObject({ url: webUrl(limits.image.url) }),
])

/** An image has one source. */
const imageSource = {
  image_url: webUrl(limits.image.url).optional(),
  slack_file: slackFile.optional(),
  alt_text: characters(limits.image.altText),
}

function hasOneSource(image: { readonly image_url?: unknown; readonly slack_file?: unknown }): boolean {
  return (image.image_url === undefined) !== (image.slack_file === undefined)
}

const image = z
  .strictObject({ type: z.literal('image'), ...imageSource })
  .refine(hasOneSource, { error: 'must define either `image_url` or `slack_file`' })

const imageBlock = z
  .strictObject({
    type: z.literal('image'),
    block_id: characters(limits.blocks.blockId).optional(),
    ...imageSource,
    title: plainText(limits.image.title).optional(),
  })
  .refine(hasOneSource, { error: 'must define either `image_url` or `slack_file`' })

/** https://docs.slack.dev/reference/block-kit/composition-objects, and images. */
export const composition = {
  plainText,
  mrkdwn,
  text,
  confirm,
  option,
  richOption,
  linkOption,
  optionGroup,
  image,
  imageBlock,
}

/** An absolute address that a browser or Slack may open. */
export function webUrl(maximum: number): z.ZodString {
  return characters(maximum).refine((url) => /^(https?|mailto|slack):/.test(url) && URL.canParse(url), {
    error: 'invalid_url',
  })
}

/** A text with limits in code points, because UTF-16 would count most emoji twice. */
export function characters(maximum: number, minimum = 1): z.ZodString {
  return z.string().check((context) => {
    const length = [...context.value].length
    const issue = { origin: 'string', inclusive: true, input: context.value } as const
    if (length > maximum) context.issues.push({ ...issue, code: 'too_big', maximum })
    if (length < minimum) context.issues.push({ ...issue, code: 'too_small', minimum })
  })
}
