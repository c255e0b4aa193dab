import { z } from 'zod'
import { countCharacters } from './count-characters.ts'
import { issuesOf } from './issues-of.ts'
import { limits } from './limits.ts'
import type { Problem } from './problem.ts'
import { type Surface, surfaces } from './surfaces.ts'
import { uniqueIds } from './unique-ids.ts'

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

/** What one block may have, and a message only once, or only in sum. */
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
