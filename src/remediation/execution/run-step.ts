import type { Incident } from '../../incidents/incident.ts'
import { text } from '../../text.ts'
import { actionOf } from '../actions.ts'
import type { Approval, ApprovalStep } from '../approvals/approval.ts'
import { authorise } from '../approvals/authorise.ts'
import type { ApprovalRecords } from '../approvals/records.ts'
import type { RemediationWorld } from '../remediation-world.ts'
import type { StepContext, StepOutcome } from '../step.ts'
import { auditRecords, evidenceRecords } from './audit.ts'
import { tellIncident } from './report.ts'

/**
 * The first step that has not ended, run once, and what came out recorded. Milliseconds until the next; 0: now. Throws
 * ClusterError and StoreError: then nothing is recorded, and the step runs again.
 */
export async function runStep(
  world: RemediationWorld,
  approvals: ApprovalRecords,
  approval: Approval,
  signal: AbortSignal,
): Promise<number> {
  const current = approval.steps.find(({ state }) => state === 'pending' || state === 'running')
  const at = world.incidents.now().toISOString()
  const incident = await world.incidents.incidents.read(approval.incident)
  if (!current || !incident) {
    await approvals.step(approval, { what: 'ended', at, how: 'done' }, world.seal.of)
    return 0
  }
  if (!world.seal.fits(approval)) {
    const reason = text`Its record was changed by somebody else. Nothing more is done.`
    await approvals.step(approval, { what: 'ended', at, how: 'failed', reason }, world.seal.of)
    return 0
  }
  const begun =
    current.state === 'running'
      ? approval
      : await update(world, approvals, approval, { ...current, state: 'running', startedAt: at })
  const own = begun.steps.find(({ id }) => id === current.id) ?? current
  const outcome = await actionOf(begun.plan.action)
    .steps.find(({ id }) => id === current.id)
    ?.run(contextOf(world, approvals, begun, { incident, step: own, signal }))
  if (!outcome) throw new Error(`the action ${begun.plan.action} has no step ${current.id}`)
  signal.throwIfAborted() // whoever has it now finds out what happened
  return record(world, approvals, begun, own, outcome)
}

async function record(
  world: RemediationWorld,
  approvals: ApprovalRecords,
  approval: Approval,
  step: ApprovalStep,
  outcome: StepOutcome,
): Promise<number> {
  const at = world.incidents.now().toISOString()
  if (outcome.step === 'failed') {
    await update(world, approvals, approval, { ...step, state: 'failed' })
    const { reason, lines } = outcome
    await approvals.step(approval, { what: 'ended', at, how: 'failed', reason, ...(lines && { lines }) }, world.seal.of)
    return 0
  }
  const { result = step.result, memory = step.memory } = outcome
  const state = outcome.step === 'done' ? 'done' : 'running'
  const next = { ...step, state, ...(result && { result }), memory: { ...memory } } as const
  await update(world, approvals, approval, next, outcome.step === 'done' ? outcome.shows : {})
  return outcome.step === 'wait' ? outcome.ms : 0
}

/** Writes a step down, and has the thread show it. */
async function update(
  world: RemediationWorld,
  approvals: ApprovalRecords,
  approval: Approval,
  step: ApprovalStep,
  shows: Pick<Approval, 'document' | 'calls'> = {},
): Promise<Approval> {
  const touchedAt = world.incidents.now().toISOString()
  const now = await approvals.change(approval.id, (before) => {
    if (before.state !== 'executing') return undefined
    const { troubleSince: _, ...rest } = before
    return { ...rest, ...shows, touchedAt, steps: before.steps.map((it) => (it.id === step.id ? step : it)) }
  })
  if (now?.state !== 'executing') throw new Error(`the approval ${approval.id} is no longer being executed`)
  await tellIncident(world, now)
  return now
}

interface Running {
  readonly incident: Incident
  readonly step: ApprovalStep
  readonly signal: AbortSignal
}

function contextOf(
  world: RemediationWorld,
  approvals: ApprovalRecords,
  approval: Approval,
  { incident, step, signal }: Running,
): StepContext<unknown> {
  const { plan } = approval
  const { store, clusters, now } = world.incidents
  const watched = clusters.get(plan.cluster)
  const writes = world.writes.get(plan.cluster)
  if (!watched || !writes) throw new Error(`the cluster ${plan.cluster} is no longer configured`)
  return {
    ...{ world, watched, writes, incident, approval, signal },
    details: plan.details,
    memory: step.memory,
    since: new Date(step.startedAt ?? now()),
    memoryOf: (id) => approval.steps.find((it) => it.id === id)?.memory ?? {},
    async mayIn(namespace) {
      if (namespace === plan.namespace) return true
      const { channel, decidedBy } = approval
      const wish = {
        action: actionOf(plan.action),
        cluster: plan.cluster,
        namespace,
        channel,
        user: decidedBy?.user ?? '',
      }
      return (await authorise(world, wish)).may
    },
    note: async (memory) => void (await update(world, approvals, approval, { ...step, memory: { ...memory } })),
    effect: (of) =>
      auditRecords(store).append(approval, {
        ...of,
        key: `${step.id} ${of.key}`,
        what: 'effect',
        at: now().toISOString(),
      }),
    keep: (evidence) =>
      evidenceRecords(store).keep({
        ...evidence,
        incident: incident.id,
        approval: approval.id,
        at: now().toISOString(),
      }),
  }
}
