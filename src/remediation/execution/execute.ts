import { isOver } from '../../incidents/transition.ts'
import { ClusterError, type ClusterErrorCode } from '../../kubernetes/errors.ts'
import { Later, QueueError } from '../../queue/queue.ts'
import { alone } from '../../store/lease.ts'
import { StoreError } from '../../store/store.ts'
import { plain, type Text, text } from '../../text.ts'
import { actionOf } from '../actions.ts'
import { type Approval, type ApprovalEvent, isEnded } from '../approvals/approval.ts'
import { guard } from '../approvals/guard.ts'
import { type ApprovalRecords, approvalRecords } from '../approvals/records.ts'
import type { RemediationWorld } from '../remediation-world.ts'
import { auditRecords } from './audit.ts'
import { tellIncident } from './report.ts'
import { runStep } from './run-step.ts'

/** Milliseconds until it is tried again, where somebody else works on it, or the store does not answer. */
const again = 1_000
/** Steps in one go, so that one action does not hold a worker. */
const mostSteps = 20

interface Job {
  readonly signal: AbortSignal
}

/**
 * Brings an approved action on: begins it if it may still be done, then one step after the other. Each step looks first
 * what has happened already, so this is safe to run again at any point. Comes back by itself until the action has ended.
 */
export async function act(world: RemediationWorld, id: string, job: Job): Promise<void> {
  const done = await alone(world.incidents.store, `act ${id}`, (lost) =>
    advance(world, id, AbortSignal.any([job.signal, lost])),
  ).catch((error) => {
    if (isOfBackend(error)) throw new Later(again)
    throw error
  })
  if (done.busy) throw new Later(again)
  if (done.value !== undefined) throw new Later(Math.max(1, done.value))
}

/** The store or the queue does not answer. That says nothing about the action: each step finds out what has happened. */
function isOfBackend(error: unknown): boolean {
  if (error instanceof StoreError) return ['unavailable', 'timeout', 'conflict'].includes(error.code)
  return error instanceof QueueError && error.code === 'unavailable'
}

/** Milliseconds until it wants to go on; undefined: it has ended. */
async function advance(world: RemediationWorld, id: string, signal: AbortSignal): Promise<number | undefined> {
  const approvals = approvalRecords(world.incidents.store)
  for (let steps = 0; steps < mostSteps; steps++) {
    signal.throwIfAborted()
    const approval = await approvals.read(id)
    if (!approval || approval.state === 'pending') return undefined
    if (isEnded(approval)) return finish(world, approval)
    const pause = await oneStep(world, approvals, approval, signal)
    if (pause > 0) return pause
  }
  return again
}

/** Of one that has ended. Told once more, for whoever ended it may have been stopped before. */
async function finish(world: RemediationWorld, approval: Approval): Promise<undefined> {
  await endAction(world, approval)
  return undefined
}

async function oneStep(
  world: RemediationWorld,
  approvals: ApprovalRecords,
  approval: Approval,
  signal: AbortSignal,
): Promise<number> {
  try {
    const pause =
      approval.state === 'approved'
        ? await beginAlone(world, approvals, approval, signal)
        : await runStep(world, approvals, approval, signal)
    return pause
  } catch (error) {
    if (signal.aborted || isOfBackend(error)) throw error
    if (error instanceof ClusterError && passing.has(error.code)) return waitOut(world, approvals, approval, error)
    world.warn('an action failed', { approval: approval.id, action: approval.plan.action, error })
    const reason = error instanceof ClusterError ? text`${error.message}` : text`Something failed on my side.`
    await settle(world, approvals, approval, reason)
    return 0
  }
}

/** What the API server, or the way to it, gets over; what was sent may have taken effect, and the next look will tell. */
const passing: ReadonlySet<ClusterErrorCode> = new Set<ClusterErrorCode>([
  'unreachable',
  'timeout',
  'overloaded',
  'server-error',
  'unauthorized',
  'aborted',
  'conflict',
])

/** Of two that are approved for one incident, the one that begins later sees the other. */
async function beginAlone(
  world: RemediationWorld,
  approvals: ApprovalRecords,
  approval: Approval,
  signal: AbortSignal,
): Promise<number> {
  const again = world.pauses.poll
  const begun = await alone(world.incidents.store, `begin ${approval.incident}`, (lost) =>
    begin(world, approvals, approval, AbortSignal.any([signal, lost])).catch((error) => {
      if (lost.aborted && !signal.aborted) return again
      throw error
    }),
  )
  return begun.busy ? again : begun.value
}

async function begin(
  world: RemediationWorld,
  approvals: ApprovalRecords,
  approval: Approval,
  signal: AbortSignal,
): Promise<number> {
  const guarded = await guard(world, approval, signal)
  signal.throwIfAborted()
  const at = world.incidents.now().toISOString()
  const action = actionOf(approval.plan.action)
  const event: ApprovalEvent =
    'refused' in guarded
      ? { what: 'refused', at, reason: guarded.refused }
      : {
          what: 'began',
          at,
          plan: guarded.plan,
          steps: action.steps
            .filter((step) => step.only?.(guarded.plan.details) ?? true)
            .map((step) => ({
              id: step.id,
              title: step.title(guarded.plan.details),
              state: 'pending' as const,
              memory: {},
            })),
        }
  const now = await approvals.step(approval, event, world.seal.of)
  if (now) await tellIncident(world, now)
  return 0
}

/** The cluster gives no answer: it is asked again, but not for ever. */
async function waitOut(
  world: RemediationWorld,
  approvals: ApprovalRecords,
  approval: Approval,
  error: ClusterError,
): Promise<number> {
  const at = world.incidents.now()
  const since = approval.troubleSince ? Date.parse(approval.troubleSince) : at.getTime()
  if (at.getTime() - since > world.pauses.patience) {
    await settle(world, approvals, approval, text`${error.message}`)
    return 0
  }
  await approvals.change(approval.id, (before) => ({
    ...before,
    troubleSince: new Date(since).toISOString(),
    touchedAt: at.toISOString(),
  }))
  return world.pauses.poll
}

/** Ends it badly: what was not begun is refused, what was begun has failed. */
async function settle(
  world: RemediationWorld,
  approvals: ApprovalRecords,
  approval: Approval,
  reason: Text,
): Promise<void> {
  const at = world.incidents.now().toISOString()
  const event: ApprovalEvent =
    approval.state === 'approved' ? { what: 'refused', at, reason } : { what: 'ended', at, how: 'failed', reason }
  await approvals.step(approval, event, world.seal.of)
}

/** A job that acts has failed for good: what it did stays, and nothing more is done for that approval. */
export async function giveUp(world: RemediationWorld, id: string): Promise<void> {
  const approvals = approvalRecords(world.incidents.store)
  const known = await approvals.read(id)
  if (!known) return
  const at = world.incidents.now().toISOString()
  const reason = text`Something failed on my side, so nothing more is done.`
  await approvals.step(known, { what: 'refused', at, reason }, world.seal.of)
  const now = await approvals.step(known, { what: 'ended', at, how: 'failed', reason }, world.seal.of)
  if (now) await endAction(world, now)
}

/** Tells how an action ended: the audit, the thread, and whoever looks at the incident next. Safe to run again. */
export async function endAction(world: RemediationWorld, approval: Approval): Promise<void> {
  const { store, incidents, queue, now } = world.incidents
  const { state, reason, decidedBy, endedAt } = approval
  const result = reason ? `${state}: ${plain(reason)}` : state
  const at = endedAt ?? now().toISOString()
  // What was never approved has no outcome.
  if (decidedBy && state !== 'declined')
    await auditRecords(store).append(approval, { key: decidedBy.at, what: 'outcome', at, result })
  world.ended(approval.plan.action, state)
  await tellIncident(world, approval)
  const incident = await incidents.read(approval.incident)
  if (incident && !isOver(incident)) await queue.add('investigate', incident.id)
}
