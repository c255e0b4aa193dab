import type { Text } from '../text.ts'
import type { Approval } from './approval.ts'
import type { Plan } from './plan.ts'

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
