import { z } from 'zod'
import { actionEntrySchema } from '../incidents/action-entry.ts'
import type { Text } from '../text.ts'
import { planSchema } from './plan.ts'

/** Of the record's form. */
export const approvalVersion = 1

const time = z.iso.datetime()
const text = z.custom<Text>()
const person = z.object({ user: z.string(), team: z.string(), at: time })

const step = actionEntrySchema.shape.steps.element.extend({
  startedAt: time.optional(),
  /** What the step has to know when it goes on after an interruption. */
  memory: z.record(z.string(), z.unknown()).default({}),
})

/**
 * Somebody's word that an action may be done, once. `pending`: asked for by one who may not approve it. `approved`: it
 * waits for a worker. `executing`: some of it may be done. The others are ends: `refused`, when it was to be done it was no
 * longer right; after `declined` and `expired`, which never did anything, it can be asked for anew.
 */
export const approvalSchema = z.object({
  version: z.literal(approvalVersion),
  /** Of the offer too: one offer is done at most once. */
  id: z.string(),
  incident: z.string(),
  label: z.string(),
  /** The text of its confirmation. */
  says: z.string(),
  /** What was offered; once it is begun, what of it was still right. */
  plan: planSchema,
  channel: z.string(),
  state: z.enum(['pending', 'approved', 'executing', 'done', 'failed', 'refused', 'declined', 'expired']),
  askedBy: person.optional(),
  decidedBy: person.optional(),
  /** Until when it may be approved, and once approved until when it may be begun. */
  expiresAt: time,
  /** Proves that this program approved it, and not somebody who can write to its store. */
  seal: z.string().default(''),
  /** Which click decided. */
  event: z.string().default(''),
  /** What the person chose with it: for how long to mute. */
  choice: z.record(z.string(), z.string()).default({}),
  steps: z.array(step).max(12).default([]),
  /** When a worker last did something for it. */
  touchedAt: time.optional(),
  /** Since when the cluster gives no answer. */
  troubleSince: time.optional(),
  endedAt: time.optional(),
  reason: text.optional(),
  lines: z.array(z.string()).max(20).optional(),
  document: z.object({ file: z.string().optional(), content: z.string() }).optional(),
  calls: z.object({ group: z.string(), summary: text }).optional(),
})

export type Approval = z.infer<typeof approvalSchema>
export type ApprovalStep = Approval['steps'][number]
