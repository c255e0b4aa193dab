import { z } from 'zod'
import type { Place } from '../messages/kinds.ts'
import type { Diagnosis } from '../playbooks/image-pull/diagnosis.ts'
import type { PlanStep } from '../playbooks/image-pull/plan.ts'
import type { Text } from '../text.ts'
import { actionEntrySchema } from './action-entry.ts'
import { alertPostSchema } from './alert.ts'
import type { Failure } from './failure.ts'
import { noOffers, offersSchema } from './offer.ts'

/** Of the record's form. A record of a later version is left untouched by this program. */
export const incidentVersion = 1

const time = z.iso.datetime({ offset: true })
// This program wrote them, and parsed what they came from: the form is checked at that edge.
const text = z.custom<Text>()

/** Who asked for it. */
const asker = z.object({ user: z.string(), at: time, request: z.string() })

/** A workload whose pods cannot pull, counted when the cluster was last looked at. */
const workload = z.object({
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
  impact: z.enum(['down', 'degraded', 'serving', 'no-traffic', 'unknown']),
  ready: z.int(),
  desired: z.int(),
  /** Pods of it that cannot pull now. */
  failing: z.int(),
  /** `recovering`: none of its pods fails, and it is not certain yet that it stays so. */
  state: z.enum(['failing', 'recovering', 'recovered', 'gone']),
  /** Since when all its desired pods were seen ready. */
  readySince: time.optional(),
})
export type AffectedWorkload = z.infer<typeof workload>

/** Whom an incident hurts, the worst first. */
const affected = z.object({
  workloads: z.array(workload).max(200),
  /** Workloads beyond those. */
  more: z.int(),
  /** Pods that cannot pull now, and pods that could not at some time. */
  failing: z.int(),
  pods: z.int(),
  /** Nodes on which it happens, and nodes of the cluster where they could be counted. */
  nodes: z.int(),
  allNodes: z.int().optional(),
})
export type Affected = z.infer<typeof affected>

/** The newest look at the cause. */
const check = z.object({
  /** `failed`: it was not possible. */
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  /** People wait for it, so its steps are shown. */
  shown: z.boolean(),
  startedAt: time.optional(),
  /** Whoever did it was stopped, and it was begun again. */
  interruptedAt: time.optional(),
  /** Milliseconds. */
  took: z.number().optional(),
  /** Things that were looked at, and those that could not be. */
  looked: z.int(),
  unseen: z.int(),
  /** Why none was possible: a sentence. */
  failure: text.optional(),
})
export type Check = z.infer<typeof check>

const verdict = z.object({ at: time, cause: z.string(), title: z.string(), confidence: z.string() })

/** What happened, for the timeline. The oldest are dropped beyond a limit. */
const entry = z.object({
  at: time,
  what: z.enum([
    ...['asked', 'alerted', 'verdict', 'changed', 'healing', 'fixed', 'gone', 'elsewhere', 'again'],
    ...['joined', 'interrupted', 'wrong', 'failed', 'action', 'muted'],
  ] as const),
  /** A person's id in Slack; absent: imagepull. */
  by: z.string().optional(),
  detail: text.optional(),
})

/** How it ended. `proof`: what was verified, in sentences. */
const ending = z.object({ at: time, proof: z.array(text) })

/**
 * What is known and promised about one incident; its thread is a projection of it. `checking`: there is no verdict yet.
 * `quiet`: nobody was told, because it healed or was never one. `joined`: it turned out to be a part of another.
 * `elsewhere`: the images are pulled, and what is wrong is another playbook's matter.
 */
export const incidentSchema = z.object({
  version: z.literal(incidentVersion),
  /** Short, for people to say aloud: `7Q4KM`. */
  id: z.string(),
  cluster: z.string(),
  state: z.enum(['checking', 'open', 'fixed', 'gone', 'elsewhere', 'quiet', 'joined', 'failed']),
  /** Where its thread is, or is to be: a channel's id. */
  channel: z.string(),
  /** Other channels where somebody asked: each has a short post with a link. */
  echoes: z.array(z.string()).max(20),
  /** Posts of others that tell of it: each is answered in its thread, and the first one's may be the thread of this. */
  posts: z.array(alertPostSchema).max(20),
  /** Nobody asked for it, and nobody was told of it yet: when that is to be. For what may pass by itself it is later. */
  announce: z.object({ from: time, passingFrom: time }).optional(),
  /** Alerts that fire for it now. Absent: there was none. */
  alertsFiring: z.int().optional(),
  /** The incident of the same thing that ended before this one began. */
  previous: z.string().optional(),
  /** Times that it was over, and happened again. */
  again: z.int(),
  /** What it is about, for the index of open incidents; at first after the kubelet's words alone. */
  key: z.string(),
  place: z.custom<Place>(),
  /** What is looked at: one of the containers that fail. */
  subject: z.custom<Failure>(),
  askers: z.array(asker).max(50),
  openedAt: time,
  /** Since when the image cannot be pulled, as far as is known. */
  since: time,
  check,
  /** The newest check that people waited for, with its steps. */
  plan: z.object({ check, steps: z.array(z.custom<PlanStep>()).max(6) }),
  /** Who asked for the check that is under way, after there was an answer. */
  pressed: z.object({ by: z.string(), at: time }).optional(),
  /** Somebody waits for the answer of the next check. */
  wanted: z.boolean(),
  /** The newest diagnosis that found a failure, and when it was made. */
  diagnosis: z.custom<Diagnosis>().optional(),
  checkedAt: time.optional(),
  /** Each verdict that was another than the one before. The last is the one of now. */
  verdicts: z.array(verdict).max(20),
  /** Replies with findings that the thread has or is to have; the last is the live one. */
  findings: z.int(),
  /** Verdicts that changed back and forth, and got no reply of their own. */
  flaps: z.int(),
  affected,
  /** What was seen of healing, before it is certain. */
  healing: text.optional(),
  healingSince: time.optional(),
  ended: ending.optional(),
  /** The incident that it is a part of. */
  into: z.string().optional(),
  timeline: z.array(entry).max(100),
  /** What could be done about it, by the newest check. */
  offers: offersSchema.default(noOffers),
  /** What people did about it, the oldest first. */
  actions: z.array(actionEntrySchema).max(40).default([]),
  /** Nobody is told of news until then. */
  muted: z.object({ until: time, by: z.string() }).optional(),
})

export type Incident = z.infer<typeof incidentSchema>
