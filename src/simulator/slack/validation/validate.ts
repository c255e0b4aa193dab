import { z } from 'zod'
import { blockProblems, type Surface } from './block-problems.ts'
import { characters } from './composition.ts'
import { limits } from './limits.ts'
import { type MessageKind, messageProblems, viewProblems } from './messages.ts'
import { issuesOf, type Problem } from './problem.ts'

export type { MessageKind, Problem, Surface }

/**
 * Validates blocks as Slack would. Empty: no problem. Slack's own validator is not public, so the strictest of documentation,
 * types and reports applies. Slack may still refuse, rarely, what is accepted here.
 */
export function validateBlocks(blocks: unknown, surface: Surface): readonly Problem[] {
  return blockProblems(blocks, surface, '/blocks')
}

/** Validates the arguments of a call that shows a message, without `token`. */
export function validateMessage(payload: unknown, kind: MessageKind = 'post'): readonly Problem[] {
  return messageProblems(payload, kind)
}

/** Validates a modal or a Home tab for views.open. Pointers begin with `/view`. */
export function validateView(view: unknown): readonly Problem[] {
  return viewProblems(view)
}

/** Checks our own rules for messages: a top-level `text` of at most 100 characters. */
export function validateHouseRules(payload: unknown): readonly Problem[] {
  return houseProblems(payload)
}

function isOff(flag: boolean): boolean {
  return !flag
}

/**
 * Notifications, lock screens and screen readers show only `text`. Broadcast replies, and names that Slack turns into mentions,
 * would notify people who did not ask.
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
