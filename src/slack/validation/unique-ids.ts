import type { Problem } from './problem.ts'

interface Found {
  readonly id: string
  readonly pointer: string
  /** Of the block that it is in. */
  readonly block: string
}

/**
 * A block_id is unique in its message or view, an action_id in its block.
 * https://docs.slack.dev/reference/block-kit/block-elements: "unique among all other action_ids in the containing block".
 */
export function uniqueIds(blocks: readonly unknown[], at: string): readonly Omit<Problem, 'error'>[] {
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
