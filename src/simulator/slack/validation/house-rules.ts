import { z } from 'zod'
import { characters } from './composition.ts'
import { limits } from './limits.ts'
import { issuesOf, type Problem } from './problem.ts'

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

export function houseProblems(payload: unknown): readonly Problem[] {
  return issuesOf(schema, payload, '').map((each) => ({ error: 'house_rule', ...each }))
}
