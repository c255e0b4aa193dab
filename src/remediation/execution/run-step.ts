import type { Incident } from '../../incidents/incident.ts'
import type { IncidentRecords } from '../../incidents/records.ts'
import type { WatchedClusters } from '../../incidents/watched-cluster.ts'
import type { ClusterWrites } from '../../kubernetes/writes.ts'
import type { Queue } from '../../queue/queue.ts'
import type { Store } from '../../store/store.ts'
import { text } from '../../text.ts'
import { findAction } from '../actions.ts'
import type { Approval, ApprovalStep } from '../approvals/approval.ts'
import { type Authorise, toRequest } from '../approvals/authorise.ts'
import type { ApprovalRecords } from '../approvals/records.ts'
import type { ActionTiming } from '../settings.ts'
import type { StepContext, StepOutcome } from '../step.ts'
import { auditRecords, evidenceRecords } from './audit.ts'
import type { ApprovalReports } from './report.ts'

/** What comes next for an action. `idle`: nothing is left to do. */
export type Next =
  | { readonly do: 'continue' }
  /** Milliseconds. */
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'idle' }

export interface StepRunnerOptions {
  readonly store: Store
  readonly approvals: ApprovalRecords
  readonly incidents: IncidentRecords
  readonly queue: Pick<Queue, 'add'>
  readonly clusters: WatchedClusters
  readonly writes: ReadonlyMap<string, ClusterWrites>
  readonly authorise: Authorise
  readonly reports: Pick<ApprovalReports, 'show'>
  readonly timing: ActionTiming
  readonly now: () => Date
}

/** Throws ClusterError, StoreError and QueueError. Then no result is recorded, and the step runs again. */
export type RunStep = (approval: Approval, signal: AbortSignal) => Promise<Next>

/** Makes the function that runs the first step that has not ended, once, and records its outcome. */
export function createStepRunner(deps: StepRunnerOptions): RunStep {
  return (approval, signal) => runStep(deps, approval, signal)
}

async function runStep(deps: StepRunnerOptions, approval: Approval, signal: AbortSignal): Promise<Next> {
  const { approvals, incidents, now } = deps
  const current = approval.steps.find(({ state }) => state === 'pending' || state === 'running')
  const at = now().toISOString()
  const incident = await incidents.read(approval.incident)
  if (!current || !incident) {
    await approvals.step(approval, { what: 'ended', at, how: 'done' })
    return { do: 'continue' }
  }
  if (!approvals.hasValidSeal(approval)) {
    const reason = text`The approval's signature is invalid. Nothing more is done.`
    await approvals.step(approval, { what: 'ended', at, how: 'failed', reason })
    return { do: 'continue' }
  }
  const begun =
    current.state === 'running'
      ? approval
      : await update(deps, approval, { ...current, state: 'running', startedAt: at })
  const own = begun.steps.find(({ id }) => id === current.id) ?? current
  const outcome = await findAction(begun.plan.action)
    .steps.find(({ id }) => id === current.id)
    ?.run(createContext(deps, begun, { incident, step: own, signal }))
  if (!outcome) throw new Error(`the action ${begun.plan.action} has no step ${current.id}`)
  signal.throwIfAborted() // another worker has the action now, and finds out what has happened
  return record(deps, begun, own, outcome)
}

type UpdateOptions = Pick<StepRunnerOptions, 'approvals' | 'reports' | 'now'>

async function record(
  deps: UpdateOptions,
  approval: Approval,
  step: ApprovalStep,
  outcome: StepOutcome,
): Promise<Next> {
  const { approvals, now } = deps
  const at = now().toISOString()
  if (outcome.step === 'failed') {
    await update(deps, approval, { ...step, state: 'failed' })
    const { reason, lines } = outcome
    await approvals.step(approval, { what: 'ended', at, how: 'failed', reason, ...(lines && { lines }) })
    return { do: 'continue' }
  }
  const { result = step.result, memory = step.memory } = outcome
  const state = outcome.step === 'done' ? 'done' : 'running'
  const next = { ...step, state, ...(result && { result }), memory: { ...memory } } as const
  await update(deps, approval, next, outcome.step === 'done' ? outcome.shows : {})
  return outcome.step === 'wait' && outcome.ms > 0 ? { do: 'wait', ms: outcome.ms } : { do: 'continue' }
}

/** Stores a step, and has the thread show it. */
async function update(
  { approvals, reports, now }: UpdateOptions,
  approval: Approval,
  step: ApprovalStep,
  shows: Pick<Approval, 'document' | 'calls'> = {},
): Promise<Approval> {
  const touchedAt = now().toISOString()
  const stored = await approvals.change(approval.id, (before) => {
    if (before.state !== 'executing') return undefined
    const { troubleSince: _, ...rest } = before
    return { ...rest, ...shows, touchedAt, steps: before.steps.map((it) => (it.id === step.id ? step : it)) }
  })
  if (stored?.state !== 'executing') throw new Error(`the approval ${approval.id} is no longer being executed`)
  await reports.show(stored)
  return stored
}

interface Running {
  readonly incident: Incident
  readonly step: ApprovalStep
  readonly signal: AbortSignal
}

function createContext(
  deps: StepRunnerOptions,
  approval: Approval,
  { incident, step, signal }: Running,
): StepContext<unknown> {
  const { store, incidents, queue, timing, now, authorise } = deps
  const { plan } = approval
  const watched = deps.clusters.get(plan.cluster)
  const writes = deps.writes.get(plan.cluster)
  if (!watched || !writes) throw new Error(`the cluster ${plan.cluster} is no longer configured`)
  const about = { incident: incident.id, approval: approval.id }
  const at = (): string => now().toISOString()
  return {
    ...{ store, incidents, queue, timing, now, watched, writes, incident, approval, signal },
    details: plan.details,
    memory: step.memory,
    since: new Date(step.startedAt ?? now()),
    memoryOf: (id) => approval.steps.find((it) => it.id === id)?.memory ?? {},
    async mayIn(namespace) {
      if (namespace === plan.namespace) return true
      return (await authorise({ ...toRequest(findAction(plan.action), approval), namespace })).allowed
    },
    note: async (memory) => void (await update(deps, approval, { ...step, memory: { ...memory } })),
    effect: (of) =>
      auditRecords(store).append(approval, { ...of, key: `${step.id} ${of.key}`, what: 'effect', at: at() }),
    keep: (evidence) => evidenceRecords(store).keep({ ...evidence, ...about, at: at() }),
  }
}
