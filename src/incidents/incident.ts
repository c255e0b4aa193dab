import { z } from 'zod'
import type { Place } from '../messages/row.ts'
import type { Diagnosis } from '../playbooks/image-pull/model.ts'
import type { PlanStep } from '../playbooks/image-pull/progress.ts'
import { type Text, text } from '../text.ts'
import { alertPostSchema } from './alerts/alert.ts'
import type { Failure } from './failure.ts'

const storedText = z.custom<Text>()

/** Something that could be done about an incident, as a button of its thread. What it would do stands elsewhere, under its id. */
const offer = z.object({
  id: z.string(),
  action: z.string(),
  /** `Rerun build` */
  label: z.string(),
  /** At most one is primary; in the menu nothing is that could harm. */
  place: z.enum(['primary', 'button', 'menu']),
  /** What is asked before it is done: what, where, what is not touched, what may still go wrong. */
  confirm: z.object({ title: z.string(), text: z.string(), yes: z.string() }),
})
export type Offer = z.infer<typeof offer>

/** What could be done about an incident now, and what is not offered, and why. */
const offersSchema = z.object({
  offered: z.array(offer).max(12),
  withheld: z.array(z.object({ action: z.string(), reason: storedText })).max(20),
})
export type Offers = z.infer<typeof offersSchema>

export const noOffers: Offers = { offered: [], withheld: [] }

const time = z.iso.datetime({ offset: true })

const person = z.object({ user: z.string(), at: time })

const step = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['pending', 'running', 'done', 'failed']),
  result: storedText.optional(),
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
  reason: storedText.optional(),
  /** The last lines of a log. */
  lines: z.array(z.string()).max(20).optional(),
  /** For people to take away: a manifest, a diff. */
  document: z.object({ file: z.string().optional(), content: z.string() }).optional(),
  /** Whom it calls, and what it tells them. */
  calls: z.object({ group: z.string(), summary: storedText }).optional(),
})

export type ActionEntry = z.infer<typeof actionEntrySchema>

/** Of the record's form. A record of a later version is left untouched by this program. */
export const incidentVersion = 1

// This program wrote them, and parsed what they came from: the form is checked at that edge.

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
  failure: storedText.optional(),
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
  detail: storedText.optional(),
})

/** How it ended. `proof`: what was verified, in sentences. */
const ending = z.object({ at: time, proof: z.array(storedText) })

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
  /** What its workloads have in common. Absent: an older version wrote this record. */
  about: z.enum(['registry', 'image', 'namespace', 'node', 'workload']).optional(),
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
  healing: storedText.optional(),
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

const limits = { timeline: 100, actions: 40 } as const

/** The incident with that action as it is now; what a person did, and how it ended, also stand in the timeline. Pure. */
export function withAction(before: Incident, entry: ActionEntry, at: string): Incident {
  const index = before.actions.findIndex(({ id }) => id === entry.id)
  const known = before.actions[index]
  if (known && isBack(known.state, entry.state)) return before
  const actions = known ? before.actions.with(index, entry) : withinLimit([...before.actions, entry])
  if (known?.state === entry.state || entry.state === 'running') return { ...before, actions }
  const person = entry.state === 'asked' ? entry.askedBy : entry.by
  const detail = text`${entry.label}: ${entry.state}${entry.reason ? text`, ${entry.reason}` : ''}`
  const line = { at, what: 'action' as const, ...(person && { by: person.user }), detail }
  return { ...before, actions, timeline: [...before.timeline, line].slice(-limits.timeline) }
}

/** Beyond the limit the oldest that has ended is left out; the audit still has it. */
function withinLimit(actions: readonly ActionEntry[]): ActionEntry[] {
  const over = actions.length - limits.actions
  const left = new Set(actions.filter(({ state }) => isEnded[state]).slice(0, Math.max(0, over)))
  return actions.filter((it) => !left.has(it)).slice(-limits.actions)
}

const isEnded: Readonly<Record<ActionEntry['state'], boolean>> = {
  ...{ asked: false, approved: false, running: false },
  ...{ done: true, failed: true, refused: true, declined: true, expired: true },
}

/** How far it is: what is told late by one process is not to undo what another has told since. */
const order: Readonly<Record<ActionEntry['state'], number>> = {
  ...{ declined: 0, expired: 0, asked: 1, approved: 2, running: 3, done: 4, failed: 4, refused: 4 },
}

function isBack(known: ActionEntry['state'], next: ActionEntry['state']): boolean {
  const again = order[next] === 0 && order[known] <= 2 // a request, or an approval that nobody began
  return order[next] < order[known] && !again
}
