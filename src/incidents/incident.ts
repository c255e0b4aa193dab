import { z } from 'zod'
import type { Diagnosis } from '../playbooks/image-pull/diagnosis.ts'

/** Of the record's form. A record of a later version is left untouched by this program. */
export const incidentVersion = 1

const time = z.iso.datetime()

/** Who asked for it, and where. An incident may have several askers. */
const asker = z.object({ user: z.string(), at: time })

/** A step of the plan that people see, in the order shown: at most six. */
const step = z.object({
  id: z.string(),
  /** In words: "Asking the registry". */
  title: z.string(),
  state: z.enum(['pending', 'running', 'done', 'failed']),
  /** What came out: "404 NAME_UNKNOWN". Untrusted. */
  result: z.string().optional(),
})

/** What happened, for the timeline. Append-only, the oldest dropped beyond a limit. */
const entry = z.object({
  at: time,
  what: z.enum(['asked', 'checked', 'verdict', 'fixed', 'gone', 'interrupted', 'wrong']),
  /** Who did it; absent: imagepull. */
  by: z.string().optional(),
  /** Untrusted words that say more. */
  detail: z.string().optional(),
})

/**
 * What is known and promised about one incident; its thread is a projection of it. `state`: what the mark of the root
 * says. `checking`: no verdict yet.
 */
export const incidentSchema = z.object({
  version: z.literal(incidentVersion),
  /** Short, for people to say aloud: `7Q4`. */
  id: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  /** The pod that was looked at last. */
  pod: z.string(),
  /** `Deployment my-app`, or the pod's own name where nobody owns it. */
  subject: z.string(),
  /** Where its thread is, or is to be. */
  channel: z.string(),
  askers: z.array(asker),
  state: z.enum(['checking', 'open', 'fixed', 'gone', 'healthy', 'failed']),
  /** Since when the image cannot be pulled, as far as is known. */
  since: time.optional(),
  openedAt: time,
  checkedAt: time.optional(),
  endedAt: time.optional(),
  steps: z.array(step).max(6),
  /** Counts checks from the first: what belongs to an earlier one is not shown as live. */
  round: z.int(),
  /** The newest diagnosis. This program wrote it, and no other version of it reads it. */
  diagnosis: z.custom<Diagnosis>().optional(),
  /** The verdict before, where it changed. */
  before: z.string().optional(),
  /** Why no check was possible: a sentence for the thread. Untrusted. */
  failure: z.string().optional(),
  timeline: z.array(entry).max(100),
})

export type Incident = z.infer<typeof incidentSchema>
