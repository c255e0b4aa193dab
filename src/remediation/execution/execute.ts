import { ClusterError, type ClusterErrorCode } from '../../kubernetes/errors.ts'
import { type Queue, QueueError } from '../../queue/queue.ts'
import { withLease } from '../../store/lease.ts'
import { type Store, StoreError } from '../../store/store.ts'
import { type Text, text } from '../../text.ts'
import { findAction } from '../actions.ts'
import { type Approval, type ApprovalEvent, isEnded, type Plan } from '../approvals/approval.ts'
import type { Guard } from '../approvals/guard.ts'
import type { ApprovalRecords } from '../approvals/records.ts'
import type { ActionTiming } from '../settings.ts'
import type { ApprovalReports } from './report.ts'
import type { Next, RunStep } from './run-step.ts'

/** Milliseconds until the next attempt if another worker has the action, or the store does not answer. */
const retryPause = 1_000
/** Steps in one job, so that one action does not occupy a worker. */
const mostSteps = 20
/** Milliseconds after which an action without a sign of a worker counts as lost. Every step is recorded more often. */
const silence = 30_000

export interface ExecutorOptions {
  readonly store: Store
  readonly approvals: ApprovalRecords
  readonly queue: Pick<Queue, 'add'>
  readonly guard: Guard
  readonly runStep: RunStep
  readonly reports: ApprovalReports
  readonly timing: ActionTiming
  readonly now: () => Date
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

export interface Executor {
  /**
   * Advances an approved action: begins it if that is still allowed, and then runs one step after the other. Each step
   * first finds out what has already happened, so this is safe to run again at any point. Returns `wait` until the
   * action has ended, then `idle`.
   */
  act(id: string, signal: AbortSignal): Promise<Exclude<Next, { do: 'continue' }>>
  /** Ends an action whose job failed for good. What it did remains, and nothing more is done for that approval. */
  giveUp(id: string): Promise<void>
  /**
   * Adds the jobs of approved actions on which no worker seems to work, because the queue lost them or could not be
   * reached. Also ends the requests that nobody answered.
   */
  reconcile(): Promise<void>
}

/** Every method throws StoreError and QueueError, except `act`, which waits if they do not answer. */
export function createExecutor(deps: ExecutorOptions): Executor {
  return {
    act: (id, signal) => act(deps, id, signal),
    giveUp: (id) => giveUp(deps, id),
    reconcile: () => reconcile(deps),
  }
}

type Pause = Exclude<Next, { do: 'continue' }>
const retry: Pause = { do: 'wait', ms: retryPause }

async function act(deps: ExecutorOptions, id: string, signal: AbortSignal): Promise<Pause> {
  try {
    const done = await withLease(deps.store, `act ${id}`, (lost) => advance(deps, id, AbortSignal.any([signal, lost])))
    return done.busy ? retry : done.value
  } catch (error) {
    if (isBackendError(error)) return retry
    throw error
  }
}

/**
 * Tells whether the store or the queue failed. That says nothing about the action: each step finds out what has
 * happened.
 */
function isBackendError(error: unknown): boolean {
  if (error instanceof StoreError) return ['unavailable', 'timeout', 'conflict'].includes(error.code)
  return error instanceof QueueError && error.code === 'unavailable'
}

async function advance(deps: ExecutorOptions, id: string, signal: AbortSignal): Promise<Pause> {
  for (let steps = 0; steps < mostSteps; steps++) {
    signal.throwIfAborted()
    const approval = await deps.approvals.read(id)
    if (!approval || approval.state === 'pending') return { do: 'idle' }
    if (isEnded(approval)) {
      await deps.reports.showEnd(approval) // once more: the worker that ended it may have been killed before
      return { do: 'idle' }
    }
    const next = await advanceOnce(deps, approval, signal)
    if (next.do !== 'continue') return next
  }
  return retry
}

async function advanceOnce(deps: ExecutorOptions, approval: Approval, signal: AbortSignal): Promise<Next> {
  try {
    return approval.state === 'approved' ? await begin(deps, approval, signal) : await deps.runStep(approval, signal)
  } catch (error) {
    if (signal.aborted || isBackendError(error)) throw error
    if (error instanceof ClusterError && passing.has(error.code)) return waitForCluster(deps, approval, error)
    deps.warn('an action failed', { approval: approval.id, action: approval.plan.action, error })
    const reason = error instanceof ClusterError ? text`${error.message}` : text`Something failed on my side.`
    await fail(deps, approval, reason)
    return { do: 'continue' }
  }
}

/** Errors that may pass by themselves. The request may have taken effect: the next run of the step finds out. */
const passing: ReadonlySet<ClusterErrorCode> = new Set<ClusterErrorCode>([
  'unreachable',
  'timeout',
  'overloaded',
  'server-error',
  'unauthorized',
  'aborted',
  'conflict',
])

/** Begins an action under a lease of its incident, so that of two approved actions the later one sees the other. */
async function begin(deps: ExecutorOptions, approval: Approval, signal: AbortSignal): Promise<Next> {
  const poll: Next = { do: 'wait', ms: deps.timing.poll }
  const begun = await withLease(deps.store, `begin ${approval.incident}`, async (lost): Promise<Next> => {
    try {
      return await beginGuarded(deps, approval, AbortSignal.any([signal, lost]))
    } catch (error) {
      if (lost.aborted && !signal.aborted) return poll
      throw error
    }
  })
  return begun.busy ? poll : begun.value
}

async function beginGuarded(
  { guard, approvals, reports, now }: ExecutorOptions,
  approval: Approval,
  signal: AbortSignal,
): Promise<Next> {
  const guarded = await guard(approval, signal)
  signal.throwIfAborted()
  const at = now().toISOString()
  const event: ApprovalEvent =
    'refused' in guarded
      ? { what: 'refused', at, reason: guarded.refused }
      : { what: 'began', at, plan: guarded.plan, steps: planSteps(guarded.plan) }
  const begun = await approvals.step(approval, event)
  if (begun) await reports.show(begun)
  return { do: 'continue' }
}

function planSteps({ action, details }: Plan): Approval['steps'] {
  return findAction(action)
    .steps.filter((step) => step.only?.(details) ?? true)
    .map((step) => ({ id: step.id, title: step.title(details), state: 'pending', memory: {} }))
}

/** The cluster does not answer, so the step runs again for a limited time. */
async function waitForCluster(deps: ExecutorOptions, approval: Approval, error: ClusterError): Promise<Next> {
  const at = deps.now()
  const since = approval.troubleSince ? Date.parse(approval.troubleSince) : at.getTime()
  if (at.getTime() - since > deps.timing.patience) {
    await fail(deps, approval, text`${error.message}`)
    return { do: 'continue' }
  }
  await deps.approvals.change(approval.id, (before) => ({
    ...before,
    troubleSince: new Date(since).toISOString(),
    touchedAt: at.toISOString(),
  }))
  return { do: 'wait', ms: deps.timing.poll }
}

/** Ends an action: it is refused if it was not begun, and has failed otherwise. */
async function fail(
  { approvals, now }: Pick<ExecutorOptions, 'approvals' | 'now'>,
  approval: Approval,
  reason: Text,
): Promise<Approval | undefined> {
  const at = now().toISOString()
  const event: ApprovalEvent =
    approval.state === 'approved' ? { what: 'refused', at, reason } : { what: 'ended', at, how: 'failed', reason }
  return approvals.step(approval, event)
}

async function giveUp(deps: ExecutorOptions, id: string): Promise<void> {
  const { approvals, reports, now } = deps
  const known = await approvals.read(id)
  if (!known) return
  const at = now().toISOString()
  const reason = text`Something failed on my side, so nothing more is done.`
  await approvals.step(known, { what: 'refused', at, reason })
  const ended = await approvals.step(known, { what: 'ended', at, how: 'failed', reason })
  if (ended) await reports.showEnd(ended)
}

async function reconcile(deps: ExecutorOptions): Promise<void> {
  const { approvals, reports, queue, now } = deps
  const at = now()
  for (const approval of await approvals.live()) {
    const { id, state, touchedAt, decidedBy } = approval
    const expired = await approvals.step(approval, { what: 'expired', at: at.toISOString() })
    if (expired?.state === 'expired') await reports.showEnd(expired)
    const last = Date.parse(touchedAt ?? decidedBy?.at ?? '')
    const silent = state !== 'pending' && expired?.state !== 'expired' && !(at.getTime() - last < silence)
    if (silent) await queue.add('act', id)
  }
}
