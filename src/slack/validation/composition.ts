import { z } from 'zod'
import { characters } from './characters.ts'
import { limits } from './limits.ts'
import { webUrl } from './web-url.ts'

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
/** Of radio buttons and checkboxes. */
const richOption = z.strictObject({ text: text(limits.option.text), ...optionParts })
/** Of overflow menus. */
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
