import { z } from 'zod'
import { blocks } from './blocks.ts'
import { limits } from './limits.ts'
import { issuesOf, type Problem } from './problem.ts'

const listSchema = z.array(z.looseObject({}))

/** `at` is where the blocks are: `/blocks`, `/view/blocks`. */
export function blockProblems(blocks: unknown, surface: Surface, at: string): readonly Problem[] {
  const list = listSchema.safeParse(blocks)
  if (!list.success)
    return [{ error: 'invalid_blocks_format', pointer: at, message: 'must provide an array of blocks' }]
  const maximum = surface === 'message' ? limits.blocks.inMessage : limits.blocks.inView
  const found = [
    ...issuesOf(z.array(surfaces[surface]).max(maximum), blocks, at),
    ...uniqueIds(list.data, at),
    ...(surface === 'message' ? acrossBlocks(list.data, at) : []),
  ]
  if (found.length > 0) return found.map((each) => ({ error: 'invalid_blocks', ...each }))
  return surface === 'message' ? tooLong(list.data, at) : []
}

/** Checks limits that apply to a whole message instead of one block. */
function acrossBlocks(blocks: readonly Readonly<Record<string, unknown>>[], at: string) {
  const tables = blocks.filter((block) => block.type === 'table')
  const markdown = blocks.filter((block) => block.type === 'markdown').map((block) => String(block.text))
  const characters = [...markdown.join('')].length
  return [
    ...(tables.length > limits.table.inMessage ? [{ pointer: at, message: 'only_one_table_allowed' }] : []),
    ...(markdown.length > 1 && characters > limits.markdown.characters
      ? [{ pointer: at, message: `must be less than ${limits.markdown.characters + 1} characters over all markdown` }]
      : []),
  ]
}

function tooLong(blocks: readonly unknown[], at: string): readonly Problem[] {
  const characters = countCharacters(blocks)
  if (blocks.length === 0 || characters <= limits.allBlocks.characters) return []
  const message = `about ${characters} characters over all blocks, of ${limits.allBlocks.characters}`
  return [{ error: 'msg_blocks_too_long', pointer: at, message }]
}

interface Found {
  readonly id: string
  readonly pointer: string
  /** The pointer of its block. */
  readonly block: string
}

/**
 * Checks that a block_id is unique in its message or view, and an action_id in its block.
 * https://docs.slack.dev/reference/block-kit/block-elements: "unique among all other action_ids in the containing block".
 */
function uniqueIds(blocks: readonly unknown[], at: string): readonly Omit<Problem, 'error'>[] {
  const blockIds = idsIn(blocks, 'block_id', at, at)
  const actionIds = idsIn(blocks, 'action_id', at, at)
  return [
    ...repeated(blockIds, ({ id }) => id).map(({ id, pointer }) => ({
      pointer,
      message: `block_id must be unique: ${id}`,
    })),
    ...repeated(actionIds, ({ id, block }) => `${block} ${id}`).map(({ id, pointer }) => ({
      pointer,
      message: `action_id must be unique in its block: ${id}`,
    })),
  ]
}

const blockTypes = /^(?:section|actions|card|context_actions|input)$/

function idsIn(value: unknown, key: 'block_id' | 'action_id', at: string, around: string): readonly Found[] {
  if (typeof value !== 'object' || value === null) return []
  const block = 'type' in value && blockTypes.test(String(value.type)) ? at : around
  return Object.entries(value).flatMap(([name, inside]: [string, unknown]) => {
    const pointer = `${at}/${name}`
    return name === key && typeof inside === 'string'
      ? [{ id: inside, pointer, block }]
      : idsIn(inside, key, pointer, block)
  })
}

function repeated(found: readonly Found[], keyOf: (of: Found) => string): readonly Found[] {
  const seen = new Set<string>()
  return found.filter((each) => seen.size === seen.add(keyOf(each)).size)
}

/** Fields whose text counts. Slack also counts the address of a link. */
const counted: ReadonlySet<string> = new Set(['text', 'title', 'caption', 'alt_text', 'label', 'fallback', 'url'])
const blockLists: ReadonlySet<string> = new Set(['child_blocks', 'tasks'])

/** Counts the characters of blocks by the measured rule of `limits.allBlocks`. */
function countCharacters(blocks: readonly unknown[]): number {
  return blocks.map(charactersIn).reduce((sum, each) => sum + each, 0) + (blocks.length - 1) * each
}

const each = limits.allBlocks.perFurtherBlock

function charactersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value)
    .map(([key, inside]) => {
      if (typeof inside === 'string') return counted.has(key) ? escapedLength(inside) : 0
      const nested = Array.isArray(inside) && blockLists.has(key) ? inside.length * each : 0
      return nested + charactersIn(inside)
    })
    .reduce((sum, length) => sum + length, 0)
}

/** `&`, `<` and `>` are stored as entities. */
function escapedLength(text: string): number {
  return [...text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')].length
}

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
 * The blocks of each surface, by "Available in" on each page below https://docs.slack.dev/reference/block-kit/blocks. Inputs in
 * messages are left out, because imagepull does not send them.
 */
const surfaces = {
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
