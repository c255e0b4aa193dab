import type { KnownBlock } from '@slack/types'
import { z } from 'zod'
import { characters, composition, webUrl } from './composition.ts'
import { elements } from './elements.ts'
import { limits } from './limits.ts'
import { richText } from './rich-text.ts'

const { plainText, mrkdwn, text } = composition
const blockId = { block_id: characters(limits.blocks.blockId).optional() }

const choosers = [
  elements.static_select,
  elements.multi_static_select,
  elements.users_select,
  elements.multi_users_select,
  elements.conversations_select,
  elements.multi_conversations_select,
  elements.channels_select,
  elements.multi_channels_select,
  elements.checkboxes,
  elements.radio_buttons,
  elements.datepicker,
  elements.timepicker,
] as const

const inActions = [elements.button, elements.overflow, elements.datetimepicker, ...choosers] as const
const inSection = [elements.button, elements.overflow, elements.image, ...choosers] as const
const inInput = [
  elements.plain_text_input,
  elements.rich_text_input,
  elements.email_text_input,
  elements.url_text_input,
  elements.number_input,
  elements.file_input,
  elements.datetimepicker,
  ...choosers,
] as const

const section = z
  .strictObject({
    type: z.literal('section'),
    ...blockId,
    text: text(limits.section.text).optional(),
    fields: z.array(text(limits.section.field)).min(1).max(limits.section.fields).optional(),
    accessory: z.discriminatedUnion('type', inSection).optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, {
    error: 'must define either `text` or `fields`',
  })

const actions = z.strictObject({
  type: z.literal('actions'),
  ...blockId,
  elements: z.array(z.discriminatedUnion('type', inActions)).min(1).max(limits.actions.elements),
})

const context = z.strictObject({
  type: z.literal('context'),
  ...blockId,
  elements: z
    .array(
      z.discriminatedUnion('type', [composition.image, plainText(limits.text.text), mrkdwn(limits.text.text)] as const),
    )
    .min(1)
    .max(limits.context.elements),
})

const divider = z.strictObject({ type: z.literal('divider'), ...blockId })
const header = z.strictObject({ type: z.literal('header'), ...blockId, text: plainText(limits.header.text) })

const cellText = characters(Number.POSITIVE_INFINITY)
const rawText = z.strictObject({ type: z.literal('raw_text'), text: cellText })
const rawNumber = z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: cellText })
const cell = z.discriminatedUnion('type', [rawText, rawNumber, richText])

function isRectangle({ rows }: { readonly rows: readonly (readonly unknown[])[] }): boolean {
  return rows.every((row) => row.length === rows[0]?.length)
}

const rectangle = { error: 'all rows must have the same number of cells' }

const table = z
  .strictObject({
    type: z.literal('table'),
    ...blockId,
    rows: z.array(z.array(cell).min(1).max(limits.table.columns)).min(1).max(limits.table.rows),
    column_settings: z
      .array(
        z
          .strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() })
          .nullable(),
      )
      .max(limits.table.columns)
      .optional(),
  })
  .refine(isRectangle, rectangle)
  .refine(({ rows, column_settings = [] }) => column_settings.length <= (rows[0]?.length ?? 0), {
    error: 'more `column_settings` than columns',
  })

const card = z
  .strictObject({
    type: z.literal('card'),
    ...blockId,
    hero_image: composition.image.optional(),
    icon: composition.image.optional(),
    title: mrkdwn(limits.card.title).optional(),
    subtitle: mrkdwn(limits.card.subtitle).optional(),
    body: mrkdwn(limits.card.body).optional(),
    actions: z.array(elements.button).min(1).max(limits.card.buttons).optional(),
  })
  .refine(({ hero_image, title, body, actions }) => [hero_image, title, body, actions].some(Boolean), {
    error: 'must define one of `hero_image`, `title`, `actions` and `body`',
  })

const taskCard = z.strictObject({
  type: z.literal('task_card'),
  ...blockId,
  task_id: characters(limits.plan.taskId),
  title: characters(limits.plan.title),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  details: richText.optional(),
  output: richText.optional(),
  sources: z
    .array(z.strictObject({ type: z.literal('url'), url: webUrl(limits.button.url), text: characters(3_000) }))
    .min(1)
    .optional(),
})

/** Blocks in a container, as documented, but without `rich_text`, which the server reportedly refuses. */
const child = z.discriminatedUnion('type', [section, actions, context, divider, header, composition.imageBlock, table])

/**
 * All blocks that an app may send, by type. Not `file`, which is only for remote files, and not `video`, which needs
 * another scope.
 */
export const blocks = {
  section,
  actions,
  context,
  divider,
  header,
  table,
  card,
  image: composition.imageBlock,
  rich_text: richText,
  task_card: taskCard,
  alert: z.strictObject({
    type: z.literal('alert'),
    ...blockId,
    text: text(limits.alert.text),
    level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
  }),
  carousel: z.strictObject({
    type: z.literal('carousel'),
    ...blockId,
    elements: z.array(card).min(1).max(limits.card.inCarousel),
  }),
  container: z
    .strictObject({
      type: z.literal('container'),
      ...blockId,
      title: plainText(limits.container.title).optional(),
      rich_text_title: richText.optional(),
      subtitle: text(limits.container.subtitle).optional(),
      icon: composition.image.optional(),
      child_blocks: z.array(child).min(1).max(limits.container.children),
      width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
      is_collapsible: z.boolean().optional(),
      default_collapsed: z.boolean().optional(),
      has_header_divider: z.boolean().optional(),
    })
    .refine((block) => block.title !== undefined || block.rich_text_title !== undefined, {
      error: 'must define either `title` or `rich_text_title`',
    })
    .refine((block) => !block.default_collapsed || block.is_collapsible === true, {
      error: '`default_collapsed` requires `is_collapsible`',
    }),
  context_actions: z.strictObject({
    type: z.literal('context_actions'),
    ...blockId,
    elements: z
      .array(z.discriminatedUnion('type', [elements.feedback_buttons, elements.icon_button]))
      .min(1)
      .max(limits.actions.contextElements),
  }),
  data_table: z
    .strictObject({
      type: z.literal('data_table'),
      ...blockId,
      caption: characters(limits.dataTable.caption),
      rows: z
        .array(z.array(cell).min(1).max(limits.dataTable.columns))
        .min(limits.dataTable.rowsAtLeast)
        .max(limits.dataTable.rows),
      page_size: z.int().min(1).max(limits.dataTable.pageSize).optional(),
      row_header_column_index: z.int().min(0).optional(),
    })
    .refine(isRectangle, rectangle)
    .refine(({ rows }) => rows[0]?.every((each) => each.type !== 'rich_text'), {
      error: 'rich_text cannot be used for header cells',
    })
    .refine(({ rows }) => JSON.stringify(rows).length <= limits.dataTable.characters, {
      error: `must be less than ${limits.dataTable.characters + 1} characters over all cells`,
    }),
  input: z.strictObject({
    type: z.literal('input'),
    ...blockId,
    label: plainText(limits.input.label),
    hint: plainText(limits.input.hint).optional(),
    element: z.discriminatedUnion('type', inInput),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
  }),
  markdown: z.strictObject({ type: z.literal('markdown'), ...blockId, text: characters(limits.markdown.characters) }),
  plan: z.strictObject({
    type: z.literal('plan'),
    ...blockId,
    title: characters(limits.plan.title),
    tasks: z
      .array(taskCard)
      .min(1)
      .max(limits.plan.tasks)
      .refine((tasks) => new Set(tasks.map((task) => task.task_id)).size === tasks.length, {
        error: '`task_id` must be unique in a plan',
      })
      .optional(),
  }),
} as const satisfies Record<Exclude<KnownBlock['type'], 'file' | 'video'>, z.ZodType>
