import { z } from 'zod'
import { actionEntrySchema } from '../../incidents/incident.ts'
import type { Text } from '../../text.ts'
import { actionIds } from '../action-id.ts'

/** The object that an action is about. */
const target = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** Empty: the target has no uid, such as a workload that is muted. */
  uid: z.string(),
})
export type PlanTarget = z.infer<typeof target>

/** The plan of an action. It is made when the action is offered, and made again before the action is executed. */
export const planSchema = z.object({
  action: z.enum(actionIds),
  cluster: z.string(),
  /** The namespace in which it is executed, and in which the person must have permission. */
  namespace: z.string(),
  target,
  /** The hash of everything that must be unchanged when the action is executed. */
  hash: z.string(),
  /** The details, in the action's own form. */
  details: z.unknown(),
})
export type Plan = z.infer<typeof planSchema>

/** The version of the record. */
export const approvalVersion = 1

const time = z.iso.datetime()
const text = z.custom<Text>()
const person = z.object({ user: z.string(), team: z.string(), at: time })

const step = actionEntrySchema.shape.steps.element.extend({
  startedAt: time.optional(),
  /** What the step needs to know when it continues after an interruption. */
  memory: z.record(z.string(), z.unknown()).default({}),
})

/**
 * A person's approval of one execution of an action. `pending`: requested by a person who may not approve it.
 * `approved`: it waits for a worker. `executing`: parts of it may have been done. The other states are ends. `refused`:
 * it was no longer right when it was to begin. After `declined` and `expired`, which never did anything, it can be
 * requested again.
 */
export const approvalSchema = z.object({
  version: z.literal(approvalVersion),
  /** The id of the approval and of its offer, so that one offer is executed at most once. */
  id: z.string(),
  incident: z.string(),
  label: z.string(),
  /** The text of the confirmation. */
  says: z.string(),
  /** The plan that was offered. After the action began: the part of it that was still right. */
  plan: planSchema,
  channel: z.string(),
  state: z.enum(['pending', 'approved', 'executing', 'done', 'failed', 'refused', 'declined', 'expired']),
  askedBy: person.optional(),
  decidedBy: person.optional(),
  /** The time until which it may be approved and, after the approval, begun. */
  expiresAt: time,
  /** Proves that this program approved it, and not somebody else who can write to its store. */
  seal: z.string().default(''),
  /** The click that decided. */
  event: z.string().default(''),
  /** What the person chose with it, such as how long to mute. */
  choice: z.record(z.string(), z.string()).default({}),
  steps: z.array(step).max(12).default([]),
  /** When a worker last worked on it. */
  touchedAt: time.optional(),
  /** Since when the cluster does not answer. */
  troubleSince: time.optional(),
  endedAt: time.optional(),
  reason: text.optional(),
  lines: z.array(z.string()).max(20).optional(),
  document: z.object({ file: z.string().optional(), content: z.string() }).optional(),
  calls: z.object({ group: z.string(), summary: text }).optional(),
})

export type Approval = z.infer<typeof approvalSchema>
export type ApprovalStep = Approval['steps'][number]

/** An event in the life of an approval. `at`: RFC 3339. `asked`: by a person who may not approve it. */
export type ApprovalEvent = { readonly at: string } & (
  | ({ readonly what: 'asked' } & Click)
  /** By a person who may approve it, with the action's own button. */
  | ({ readonly what: 'approved'; readonly choice?: Readonly<Record<string, string>> } & Click)
  /** The answer to an open request. */
  | ({ readonly what: 'granted' | 'declined' } & Click)
  | { readonly what: 'began'; readonly plan: Plan; readonly steps: Approval['steps'] }
  | { readonly what: 'expired' }
  | { readonly what: 'refused'; readonly reason: Text }
  | {
      readonly what: 'ended'
      readonly how: 'done' | 'failed'
      readonly reason?: Text
      readonly lines?: readonly string[]
    }
)

/** Who clicked. `event` is the same when Slack delivers the click again. */
interface Click {
  readonly user: string
  readonly team: string
  readonly event: string
}

/** Milliseconds for which an approval or a request is valid. */
const validity = 15 * 60_000

type State = Approval['state']

/**
 * The states in which each event is applied. In any other state it came too late, or a second time, and changes
 * nothing.
 */
const from: Readonly<Record<ApprovalEvent['what'], readonly State[]>> = {
  asked: ['declined', 'expired'],
  approved: ['pending', 'declined', 'expired'],
  granted: ['pending'],
  declined: ['pending'],
  began: ['approved'],
  expired: ['pending', 'approved'],
  refused: ['approved'],
  ended: ['executing'],
}

/** Tells whether an approval has ended. */
export function isEnded({ state }: Approval): boolean {
  return state !== 'pending' && state !== 'approved' && state !== 'executing'
}

/**
 * Returns the approval after an event. undefined: the event changes nothing. An approval that is too old can only
 * expire. Pure.
 */
export function approvalStep(before: Approval, event: ApprovalEvent): Approval | undefined {
  const { at } = event
  const late = isLate(before, at) && before.state !== 'executing' && !isEnded(before)
  if (late && event.what !== 'expired') return undefined
  if (!late && event.what === 'expired') return undefined
  if (!from[event.what].includes(before.state)) return undefined
  return { ...before, ...changeBy(event) }
}

export function isLate({ expiresAt }: Pick<Approval, 'expiresAt'>, at: string): boolean {
  return Date.parse(at) >= Date.parse(expiresAt)
}

/** Returns the time until which a request can be answered, or an approval begun. RFC 3339. */
export function expiryFrom(at: string): string {
  return new Date(Date.parse(at) + validity).toISOString()
}

function changeBy(event: ApprovalEvent): Partial<Approval> {
  const { at } = event
  switch (event.what) {
    case 'asked':
      return { state: 'pending', askedBy: toPerson(event), event: event.event, expiresAt: expiryFrom(at) }
    case 'approved':
    case 'granted':
      return { state: 'approved', ...withDecision(event), expiresAt: expiryFrom(at), choice: { ...readChoice(event) } }
    case 'declined':
      return { state: 'declined', ...withDecision(event), endedAt: at }
    case 'began':
      return { state: 'executing', plan: event.plan, steps: event.steps, touchedAt: at }
    case 'expired':
      return { state: 'expired', endedAt: at }
    case 'refused':
      return { state: 'refused', reason: event.reason, endedAt: at }
    case 'ended':
      return {
        state: event.how,
        endedAt: at,
        ...(event.reason && { reason: event.reason }),
        ...(event.lines && { lines: [...event.lines] }),
      }
  }
}

function toPerson({ user, team, at }: Click & { readonly at: string }) {
  return { user, team, at }
}

function withDecision(event: Click & { readonly at: string }): Pick<Approval, 'decidedBy' | 'event'> {
  return { decidedBy: toPerson(event), event: event.event }
}

function readChoice(event: ApprovalEvent): Approval['choice'] {
  return 'choice' in event && event.choice ? event.choice : {}
}
