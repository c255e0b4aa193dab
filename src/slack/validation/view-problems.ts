import { z } from 'zod'
import { blockProblems } from './block-problems.ts'
import { characters } from './characters.ts'
import { composition } from './composition.ts'
import { issuesOf } from './issues-of.ts'
import { limits } from './limits.ts'
import type { Problem } from './problem.ts'

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
const schema = z.discriminatedUnion('type', [modal, z.strictObject({ type: z.literal('home'), ...shared })])

/** https://docs.slack.dev/reference/views: every problem of a view is one of the call's arguments. */
export function viewProblems(view: unknown): readonly Problem[] {
  const parsed = schema.safeParse(view)
  if (!parsed.success)
    return issuesOf(schema, view, '/view').map((each) => ({ error: 'invalid_arguments' as const, ...each }))
  const inBlocks = blockProblems(parsed.data.blocks, parsed.data.type, '/view/blocks')
  if (inBlocks.length > 0) return inBlocks.map((each) => ({ ...each, error: 'invalid_arguments' as const }))
  const bytes = Buffer.byteLength(JSON.stringify(view))
  if (bytes <= limits.view.bytes) return []
  return [{ error: 'view_too_large', pointer: '/view', message: `${bytes} bytes, of ${limits.view.bytes}` }]
}
