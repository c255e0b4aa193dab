import { z } from 'zod'
import { characters, composition, webUrl } from './composition.ts'
import { limits } from './limits.ts'
import { richText } from './rich-text.ts'

const { plainText, option, richOption, linkOption, optionGroup } = composition
const actionId = { action_id: characters(limits.blocks.actionId).optional() }
const confirm = { confirm: composition.confirm.optional() }
const focus = { focus_on_load: z.boolean().optional() }
const placeholder = { placeholder: plainText(limits.element.placeholder).optional() }
const chosen = { ...actionId, ...confirm, ...focus }
const picked = { ...chosen, ...placeholder }
const typed = {
  ...actionId,
  ...focus,
  ...placeholder,
  dispatch_action_config: z
    .strictObject({ trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1) })
    .optional(),
}
const several = { ...picked, max_selected_items: z.int().min(1).optional() }
const id = z.string().min(1)
const initialText = { initial_value: characters(limits.element.inputText, 0).optional() }
const boxes = z.array(richOption).min(1).max(limits.element.boxes)
const choices = {
  options: z.array(option).min(1).max(limits.optionGroup.options).optional(),
  option_groups: z.array(optionGroup).min(1).max(limits.optionGroup.groups).optional(),
}
const conversations = {
  default_to_current_conversation: z.boolean().optional(),
  filter: z
    .strictObject({
      include: z.array(z.enum(['im', 'mpim', 'private', 'public'])).min(1),
      exclude_external_shared_channels: z.boolean(),
      exclude_bot_users: z.boolean(),
    })
    .partial()
    .optional(),
}
const responds = { response_url_enabled: z.boolean().optional() }

interface Choices {
  readonly options?: readonly unknown[] | undefined
  readonly option_groups?: readonly { readonly options: readonly unknown[] }[] | undefined
  readonly initial_option?: unknown
  readonly initial_options?: readonly unknown[] | undefined
}

function hasOneSource({ options, option_groups }: Choices): boolean {
  return (options === undefined) !== (option_groups === undefined)
}

function startsAmongOptions({ options, option_groups, initial_option, initial_options }: Choices): boolean {
  const offered = [...(options ?? []), ...(option_groups ?? []).flatMap((group) => group.options)]
  const known = new Set(offered.map((each) => JSON.stringify(each)))
  const initial = [...(initial_option ? [initial_option] : []), ...(initial_options ?? [])]
  return initial.every((each) => known.has(JSON.stringify(each)))
}

const oneSource = { error: 'must define either `options` or `option_groups`' }
const amongOptions = { error: 'initial options must exactly match one of the options' }

const feedbackButton = z.strictObject({
  text: plainText(limits.button.text),
  value: characters(limits.button.value),
  accessibility_label: characters(limits.button.accessibilityLabel).optional(),
})

/** https://docs.slack.dev/reference/block-kit/block-elements: those that need no further set-up of the app. */
export const elements = {
  button: z.strictObject({
    type: z.literal('button'),
    ...actionId,
    ...confirm,
    text: plainText(limits.button.text),
    value: characters(limits.button.value).optional(),
    url: webUrl(limits.button.url).optional(),
    style: z.enum(['primary', 'danger']).optional(),
    accessibility_label: characters(limits.button.accessibilityLabel).optional(),
  }),
  icon_button: z.strictObject({
    type: z.literal('icon_button'),
    ...actionId,
    ...confirm,
    icon: z.literal('trash'),
    text: plainText(limits.button.text),
    value: characters(limits.button.value).optional(),
    accessibility_label: characters(limits.button.accessibilityLabel).optional(),
    visible_to_user_ids: z.array(id).min(1).max(limits.iconButton.visibleTo).optional(),
  }),
  feedback_buttons: z.strictObject({
    type: z.literal('feedback_buttons'),
    ...actionId,
    positive_button: feedbackButton,
    negative_button: feedbackButton,
  }),
  overflow: z.strictObject({
    type: z.literal('overflow'),
    ...actionId,
    ...confirm,
    options: z.array(linkOption).min(1).max(limits.element.overflow),
  }),
  image: composition.image,
  checkboxes: z
    .strictObject({ type: z.literal('checkboxes'), ...chosen, options: boxes, initial_options: boxes.optional() })
    .refine(startsAmongOptions, amongOptions),
  radio_buttons: z
    .strictObject({
      type: z.literal('radio_buttons'),
      ...chosen,
      options: boxes,
      initial_option: richOption.optional(),
    })
    .refine(startsAmongOptions, amongOptions),
  static_select: z
    .strictObject({ type: z.literal('static_select'), ...picked, ...choices, initial_option: option.optional() })
    .refine(hasOneSource, oneSource)
    .refine(startsAmongOptions, amongOptions),
  multi_static_select: z
    .strictObject({
      type: z.literal('multi_static_select'),
      ...several,
      ...choices,
      initial_options: z.array(option).min(1).optional(),
    })
    .refine(hasOneSource, oneSource)
    .refine(startsAmongOptions, amongOptions),
  users_select: z.strictObject({ type: z.literal('users_select'), ...picked, initial_user: id.optional() }),
  multi_users_select: z.strictObject({
    type: z.literal('multi_users_select'),
    ...several,
    initial_users: z.array(id).optional(),
  }),
  conversations_select: z.strictObject({
    type: z.literal('conversations_select'),
    ...picked,
    ...conversations,
    ...responds,
    initial_conversation: id.optional(),
  }),
  multi_conversations_select: z.strictObject({
    type: z.literal('multi_conversations_select'),
    ...several,
    ...conversations,
    initial_conversations: z.array(id).optional(),
  }),
  channels_select: z.strictObject({
    type: z.literal('channels_select'),
    ...picked,
    ...responds,
    initial_channel: id.optional(),
  }),
  multi_channels_select: z.strictObject({
    type: z.literal('multi_channels_select'),
    ...several,
    initial_channels: z.array(id).optional(),
  }),
  datepicker: z.strictObject({ type: z.literal('datepicker'), ...picked, initial_date: z.iso.date().optional() }),
  timepicker: z.strictObject({
    type: z.literal('timepicker'),
    ...picked,
    initial_time: z.iso.time({ precision: -1 }).optional(),
    timezone: z.string().min(1).optional(),
  }),
  datetimepicker: z.strictObject({
    type: z.literal('datetimepicker'),
    ...chosen,
    initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
  }),
  plain_text_input: z.strictObject({
    type: z.literal('plain_text_input'),
    ...typed,
    ...initialText,
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(limits.element.inputText).optional(),
    max_length: z.int().min(1).max(limits.element.inputText).optional(),
  }),
  rich_text_input: z.strictObject({
    type: z.literal('rich_text_input'),
    ...typed,
    initial_value: richText.optional(),
    min_lines: z.int().min(1).max(limits.element.inputLines).optional(),
    max_lines: z.int().min(1).max(limits.element.inputLines).optional(),
  }),
  email_text_input: z.strictObject({ type: z.literal('email_text_input'), ...typed, ...initialText }),
  url_text_input: z.strictObject({ type: z.literal('url_text_input'), ...typed, ...initialText }),
  number_input: z
    .strictObject({
      type: z.literal('number_input'),
      ...typed,
      is_decimal_allowed: z.boolean(),
      initial_value: z.string().optional(),
      min_value: z.string().optional(),
      max_value: z.string().optional(),
    })
    .refine(({ min_value, max_value }) => !min_value || !max_value || Number(min_value) <= Number(max_value), {
      error: '`min_value` is above `max_value`',
    }),
  file_input: z.strictObject({
    type: z.literal('file_input'),
    ...actionId,
    filetypes: z.array(z.string().min(1)).min(1).optional(),
    max_files: z.int().min(1).max(limits.element.files).optional(),
  }),
} as const
