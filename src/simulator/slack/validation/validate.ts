import { blockProblems } from './block-problems.ts'
import { houseProblems } from './house-rules.ts'
import { type MessageKind, messageProblems, viewProblems } from './messages.ts'
import type { Problem } from './problem.ts'
import type { Surface } from './surfaces.ts'

export type { MessageKind, Problem, Surface }

/**
 * What Slack would have against blocks; empty: nothing. Slack's own validator is not public, so where documentation,
 * types and reports differ the stricter one holds, and what is accepted here may rarely be refused there.
 */
export function validateBlocks(blocks: unknown, surface: Surface): readonly Problem[] {
  return blockProblems(blocks, surface, '/blocks')
}

/** The arguments of a call that shows a message, without `token`. */
export function validateMessage(payload: unknown, kind: MessageKind = 'post'): readonly Problem[] {
  return messageProblems(payload, kind)
}

/** A modal or a Home tab, as views.open takes it. Pointers begin with `/view`. */
export function validateView(view: unknown): readonly Problem[] {
  return viewProblems(view)
}

/** What this program demands of its own messages beyond Slack: a top-level `text` of at most 100 characters. */
export function validateHouseRules(payload: unknown): readonly Problem[] {
  return houseProblems(payload)
}
