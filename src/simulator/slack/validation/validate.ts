import { z } from 'zod'
import { blockProblems, type Surface } from './block-problems.ts'
import { characters } from './composition.ts'
import { limits } from './limits.ts'
import { type MessageKind, messageProblems, viewProblems } from './messages.ts'
import { issuesOf, type Problem } from './problem.ts'

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

function isOff(flag: boolean): boolean {
  return !flag
}

/**
 * A notification, a phone's lock screen and a screen reader show `text` alone. A reply that is broadcast, and names that
 * Slack makes into mentions by itself, would call people who did not ask.
 */
const schema = z.looseObject({
  text: characters(limits.house.text).refine((text) => text.trim() !== '', { error: 'must say something' }),
  reply_broadcast: z.boolean().refine(isOff, { error: 'must not be broadcast' }).optional(),
  link_names: z.boolean().refine(isOff, { error: 'must not link names' }).optional(),
  parse: z
    .string()
    .refine((parse) => parse === 'none', { error: 'must not be parsed' })
    .optional(),
})

function houseProblems(payload: unknown): readonly Problem[] {
  return issuesOf(schema, payload, '').map((each) => ({ error: 'house_rule', ...each }))
}
