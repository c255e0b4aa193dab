import { z } from 'zod'
import { blocks } from './blocks.ts'

export type Surface = 'message' | 'modal' | 'home'

const everywhere = [
  blocks.section,
  blocks.actions,
  blocks.context,
  blocks.divider,
  blocks.header,
  blocks.image,
  blocks.rich_text,
] as const

/**
 * The blocks that each surface takes, by the "Available in" of each page below
 * https://docs.slack.dev/reference/block-kit/blocks. Inputs in messages are left out: nothing here sends them.
 */
export const surfaces = {
  message: z.discriminatedUnion('type', [
    ...everywhere,
    blocks.card,
    blocks.carousel,
    blocks.container,
    blocks.context_actions,
    blocks.data_table,
    blocks.markdown,
    blocks.plan,
    blocks.table,
    blocks.task_card,
  ]),
  modal: z.discriminatedUnion('type', [...everywhere, blocks.alert, blocks.card, blocks.input]),
  home: z.discriminatedUnion('type', [...everywhere, blocks.card, blocks.carousel, blocks.input]),
} as const satisfies Record<Surface, z.ZodType>
