import { z } from 'zod'
import { actionEntrySchema } from '../../incidents/incident.ts'
import type { Text } from '../../text.ts'
import { actionIds } from '../action-id.ts'

/** The object that an action is about. */
const target = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** Empty: it has none, as a workload that is muted. */
  uid: z.string(),
})
export type PlanTarget = z.infer<typeof target>

/** What exactly an action would do: read-only, made when it is offered and made again before it is done. */
export const planSchema = z.object({
  action: z.enum(actionIds),
  cluster: z.string(),
  /** Where it is done, and so where somebody must be allowed to do it. */
  namespace: z.string(),
  target,
  /** Of all that must still be so when it is done. */
  hash: z.string(),
  /** The action's own. */
  details: z.unknown(),
})
export type Plan = z.infer<typeof planSchema>

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

/** What happens to an approval. `at`: RFC 3339. */
export type ApprovalEvent = { readonly at: string } /** By one who may not approve it. */ & (
  | ({ readonly what: 'asked' } & Click)
  /** By one who may, with the action's own button. */
  | ({ readonly what: 'approved'; readonly choice?: Readonly<Record<string, string>> } & Click)
  /** The answer to a request, which must still be open. */
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

/** Who clicked, and which click it was: the same when Slack delivers it again. */
interface Click {
  readonly user: string
  readonly team: string
  readonly event: string
}

/** Milliseconds that an approval, or a request for one, counts. */
const lasts = 15 * 60_000

type State = Approval['state']

/** From which states an event leads on. Any other changes nothing: it came too late, or a second time. */
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

/** Nothing more is done for it. */
export function isEnded({ state }: Approval): boolean {
  return state !== 'pending' && state !== 'approved' && state !== 'executing'
}

/** The approval after it; undefined: it changes nothing. An approval that is too old can only expire. Pure. */
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

/** Of a request, and of an approval, which then has to be begun. */
export function expiryFrom(at: string): string {
  return new Date(Date.parse(at) + lasts).toISOString()
}

function changeBy(event: ApprovalEvent): Partial<Approval> {
  const { at } = event
  switch (event.what) {
    case 'asked':
      return { state: 'pending', askedBy: personOf(event), event: event.event, expiresAt: expiryFrom(at) }
    case 'approved':
    case 'granted':
      return { state: 'approved', ...decided(event), expiresAt: expiryFrom(at), choice: { ...choiceOf(event) } }
    case 'declined':
      return { state: 'declined', ...decided(event), endedAt: at }
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

function personOf({ user, team, at }: Click & { readonly at: string }) {
  return { user, team, at }
}

function decided(event: Click & { readonly at: string }): Pick<Approval, 'decidedBy' | 'event'> {
  return { decidedBy: personOf(event), event: event.event }
}

function choiceOf(event: ApprovalEvent): Approval['choice'] {
  return 'choice' in event && event.choice ? event.choice : {}
}
