import { z } from 'zod'
import type { Text } from '../text.ts'

const time = z.iso.datetime({ offset: true })
const text = z.custom<Text>()
const person = z.object({ user: z.string(), at: time })

const step = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['pending', 'running', 'done', 'failed']),
  result: text.optional(),
})

/**
 * What somebody has done, or asked for, about an incident: a reply of its thread. `asked`: it waits for one who may.
 * `refused`: it was approved, and turned out not to be right any more, so nothing was done.
 */
export const actionEntrySchema = z.object({
  /** Of the offer, and of the approval. */
  id: z.string(),
  action: z.string(),
  label: z.string(),
  state: z.enum(['asked', 'approved', 'running', 'done', 'failed', 'refused', 'declined', 'expired']),
  /** Nothing else that changes the cluster begins while it runs. */
  alone: z.boolean(),
  askedBy: person.optional(),
  /** Who approved or declined it. */
  by: person.optional(),
  /** Whom the configuration lets approve it. */
  whoMay: z.object({ groups: z.array(z.string()), users: z.array(z.string()) }).optional(),
  /** What it would do, in the words of its confirmation. */
  says: z.string(),
  steps: z.array(step).max(12),
  endedAt: time.optional(),
  /** Why it ended so. */
  reason: text.optional(),
  /** The last lines of a log. */
  lines: z.array(z.string()).max(20).optional(),
  /** For people to take away: a manifest, a diff. */
  document: z.object({ file: z.string().optional(), content: z.string() }).optional(),
  /** Whom it calls, and what it tells them. */
  calls: z.object({ group: z.string(), summary: text }).optional(),
})

export type ActionEntry = z.infer<typeof actionEntrySchema>
