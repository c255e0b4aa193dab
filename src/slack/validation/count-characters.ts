import { limits } from './limits.ts'

/** Fields that hold words, and addresses, which Slack keeps beside the words of a link. */
const counted: ReadonlySet<string> = new Set(['text', 'title', 'caption', 'alt_text', 'label', 'fallback', 'url'])
const blockLists: ReadonlySet<string> = new Set(['child_blocks', 'tasks'])

/** How long blocks are together, by the rule that fits what was measured: `limits.allBlocks`. */
export function countCharacters(blocks: readonly unknown[]): number {
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
