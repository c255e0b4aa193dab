import { z } from 'zod'
import type { Place } from '../messages/row.ts'
import type { Diagnosis } from '../playbooks/image-pull/model.ts'
import type { PlanStep } from '../playbooks/image-pull/progress.ts'
import { type Text, text } from '../text.ts'
import { alertPostSchema } from './alerts/alert.ts'
import type { Failure } from './failure.ts'

const storedText = z.custom<Text>()

/** An action that is offered for an incident, as a button of its thread. Its plan is stored under the same id. */
const offer = z.object({
  id: z.string(),
  action: z.string(),
  /** `Rerun build` */
  label: z.string(),
  /** At most one offer is `primary`. The `menu` contains only actions that can do no harm. */
  place: z.enum(['primary', 'button', 'menu']),
  /** The confirmation: what the action does and where, what it does not touch, and what may still go wrong. */
  confirm: z.object({ title: z.string(), text: z.string(), yes: z.string() }),
})
export type Offer = z.infer<typeof offer>

/** The actions that are offered for an incident now, and those that are withheld, with the reason. */
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
 * An action that a person started or requested, as a reply of the incident's thread. `asked`: it waits for somebody who
 * may approve it. `refused`: it was approved, but it was no longer right, so nothing was done.
 */
export const actionEntrySchema = z.object({
  /** The id of the offer and of the approval. */
  id: z.string(),
  action: z.string(),
  label: z.string(),
  state: z.enum(['asked', 'approved', 'running', 'done', 'failed', 'refused', 'declined', 'expired']),
  /** No other action that changes the cluster begins while this one runs. */
  alone: z.boolean(),
  askedBy: person.optional(),
  /** The person who approved or declined it. */
  by: person.optional(),
  /** The groups and people who may approve it, by the configuration. */
  whoMay: z.object({ groups: z.array(z.string()), users: z.array(z.string()) }).optional(),
  /** The text of its confirmation, which says what it would do. */
  says: z.string(),
  steps: z.array(step).max(12),
  endedAt: time.optional(),
  /** The reason for its end. */
  reason: storedText.optional(),
  /** The last lines of a log. */
  lines: z.array(z.string()).max(20).optional(),
  /** A manifest or a diff that people can copy. */
  document: z.object({ file: z.string().optional(), content: z.string() }).optional(),
  /** The group that it calls, and the summary for that group. */
  calls: z.object({ group: z.string(), summary: storedText }).optional(),
})

export type ActionEntry = z.infer<typeof actionEntrySchema>

/** The version of the record. This program leaves a record of a later version untouched. */
export const incidentVersion = 1

// This program wrote the values of `z.custom`, and parsed their sources before: they are not checked again.

/** A person who asked for it. */
const asker = z.object({ user: z.string(), at: time, request: z.string() })

/** A workload whose pods cannot pull, as the last snapshot of the cluster counted them. */
const workload = z.object({
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
  impact: z.enum(['down', 'degraded', 'serving', 'no-traffic', 'unknown']),
  ready: z.int(),
  desired: z.int(),
  /** The number of its pods that cannot pull now. */
  failing: z.int(),
  /** `recovering`: none of its pods fails, but it has not been ready for long enough. */
  state: z.enum(['failing', 'recovering', 'recovered', 'gone']),
  /** Since when all its desired pods have been ready. */
  readySince: time.optional(),
})
export type AffectedWorkload = z.infer<typeof workload>

/** The workloads that an incident affects, the worst first. */
const affected = z.object({
  workloads: z.array(workload).max(200),
  /** The number of workloads beyond those. */
  more: z.int(),
  /** `failing`: the pods that cannot pull now. `pods`: the most that could not at one time. */
  failing: z.int(),
  pods: z.int(),
  /** `nodes`: the nodes on which it happens. `allNodes`: the nodes of the cluster. Absent: they could not be counted. */
  nodes: z.int(),
  allNodes: z.int().optional(),
})
export type Affected = z.infer<typeof affected>

/** The newest check of the incident's cause. */
const check = z.object({
  /** `failed`: the check was not possible. */
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  /** Whether people wait for it, so that its steps are shown. */
  shown: z.boolean(),
  startedAt: time.optional(),
  /** When the check was begun again because its worker was stopped. */
  interruptedAt: time.optional(),
  /** Milliseconds. */
  took: z.number().optional(),
  /** `looked`: the number of checks that were run. `unseen`: the number of those that could not find out. */
  looked: z.int(),
  unseen: z.int(),
  /** A sentence that says why the check was not possible. */
  failure: storedText.optional(),
})
export type Check = z.infer<typeof check>

const verdict = z.object({ at: time, cause: z.string(), title: z.string(), confidence: z.string() })

/** An entry of the timeline. Beyond a limit the oldest entries are dropped. */
const entry = z.object({
  at: time,
  what: z.enum([
    ...['asked', 'alerted', 'verdict', 'changed', 'healing', 'fixed', 'gone', 'elsewhere', 'again'],
    ...['joined', 'interrupted', 'wrong', 'failed', 'action', 'muted'],
  ] as const),
  /** The id of a person in Slack. Absent: imagepull itself. */
  by: z.string().optional(),
  detail: storedText.optional(),
})

/** How the incident ended. `proof`: sentences about what was verified. */
const ending = z.object({ at: time, proof: z.array(storedText) })

/**
 * Everything that is known about one incident. Its thread is a projection of this record. `checking`: there is no
 * verdict yet. `quiet`: it ended before it was announced. `joined`: it turned out to be a part of another incident.
 * `elsewhere`: the images are pulled, and another playbook is about what is wrong.
 */
export const incidentSchema = z.object({
  version: z.literal(incidentVersion),
  /** Short enough to say aloud: `7Q4KM`. */
  id: z.string(),
  cluster: z.string(),
  state: z.enum(['checking', 'open', 'fixed', 'gone', 'elsewhere', 'quiet', 'joined', 'failed']),
  /** The id of the channel of its thread. */
  channel: z.string(),
  /** Other channels in which people asked. Each gets a short post with a link. */
  echoes: z.array(z.string()).max(20),
  /**
   * Posts of other bots that report it. Each is answered in its thread, and the thread of the first one may be this
   * incident's.
   */
  posts: z.array(alertPostSchema).max(20),
  /**
   * When it is announced, if nobody asked for it. `passingFrom`: the later time for failures that may pass by
   * themselves. Absent: it is announced.
   */
  announce: z.object({ from: time, passingFrom: time }).optional(),
  /** The number of alerts that fire for it now. Absent: there was no alert. */
  alertsFiring: z.int().optional(),
  /** The id of the previous incident of the same thing. */
  previous: z.string().optional(),
  /** The number of times that it was reopened. */
  again: z.int(),
  /**
   * What it is about: its key in the index of open incidents. Before the first verdict only the kubelet's message
   * decides it.
   */
  key: z.string(),
  /** What its workloads have in common. Absent: an earlier version wrote this record. */
  about: z.enum(['registry', 'image', 'namespace', 'node', 'workload']).optional(),
  place: z.custom<Place>(),
  /** The container that is diagnosed: one of those that fail. */
  subject: z.custom<Failure>(),
  askers: z.array(asker).max(50),
  openedAt: time,
  /** Since when the image cannot be pulled, if that is known. */
  since: time,
  check,
  /** The newest check for which people waited, with its steps. */
  plan: z.object({ check, steps: z.array(z.custom<PlanStep>()).max(6) }),
  /** The person who asked for the running check, if there was a verdict before. */
  pressed: z.object({ by: z.string(), at: time }).optional(),
  /** Whether somebody waits for the result of the next check. */
  wanted: z.boolean(),
  /** The newest diagnosis that found a failure, and its time. */
  diagnosis: z.custom<Diagnosis>().optional(),
  checkedAt: time.optional(),
  /** Each verdict that differed from the one before. The last one is current. */
  verdicts: z.array(verdict).max(20),
  /** The number of replies with findings in the thread. The last one is kept up to date. */
  findings: z.int(),
  /** The number of verdicts that changed back and forth and got no reply of their own. */
  flaps: z.int(),
  affected,
  /** A sentence about a recovery that is not certain yet. */
  healing: storedText.optional(),
  healingSince: time.optional(),
  ended: ending.optional(),
  /** The id of the incident that it is a part of. */
  into: z.string().optional(),
  timeline: z.array(entry).max(100),
  /** The actions that the newest check offers. */
  offers: offersSchema.default(noOffers),
  /** The actions of people, the oldest first. */
  actions: z.array(actionEntrySchema).max(40).default([]),
  /** Until then, nobody is notified of news. */
  muted: z.object({ until: time, by: z.string() }).optional(),
})

export type Incident = z.infer<typeof incidentSchema>

const limits = { timeline: 100, actions: 40 } as const

/**
 * Returns the incident with the current state of an action. What a person did, and how it ended, is also added to the
 * timeline. Pure.
 */
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

/** Beyond the limit, the oldest actions that have ended are left out. The audit still has them. */
function withinLimit(actions: readonly ActionEntry[]): ActionEntry[] {
  const over = actions.length - limits.actions
  const left = new Set(actions.filter(({ state }) => isEnded[state]).slice(0, Math.max(0, over)))
  return actions.filter((it) => !left.has(it)).slice(-limits.actions)
}

const isEnded: Readonly<Record<ActionEntry['state'], boolean>> = {
  ...{ asked: false, approved: false, running: false },
  ...{ done: true, failed: true, refused: true, declined: true, expired: true },
}

/** The order of the states: a late report of one process must not undo a newer one of another. */
const order: Readonly<Record<ActionEntry['state'], number>> = {
  ...{ declined: 0, expired: 0, asked: 1, approved: 2, running: 3, done: 4, failed: 4, refused: 4 },
}

function isBack(known: ActionEntry['state'], next: ActionEntry['state']): boolean {
  const again = order[next] === 0 && order[known] <= 2 // a request, or an approval that nobody began
  return order[next] < order[known] && !again
}
