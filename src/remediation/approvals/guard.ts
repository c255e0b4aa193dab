import type { Incident } from '../../incidents/incident.ts'
import { diagnoseSubject } from '../../incidents/investigation/subject.ts'
import type { IncidentRecords } from '../../incidents/records.ts'
import { isOver } from '../../incidents/transition.ts'
import type { WatchedCluster, WatchedClusters } from '../../incidents/watched-cluster.ts'
import type { ClusterWrites } from '../../kubernetes/writes.ts'
import { type Text, text } from '../../text.ts'
import { findAction } from '../actions.ts'
import { readActionFacts } from '../facts.ts'
import type { PlanAction } from '../plan-action.ts'
import type { RemediationSettings } from '../settings.ts'
import type { Approval, Plan } from './approval.ts'
import { type Authorise, toRequest } from './authorise.ts'
import type { ApprovalRecords } from './records.ts'

/** The plan that may be executed now, or a sentence that says why nothing may. */
export type Guarded = { readonly plan: Plan } | { readonly refused: Text }

export interface GuardOptions {
  readonly approvals: ApprovalRecords
  readonly incidents: IncidentRecords
  readonly clusters: WatchedClusters
  readonly writes: ReadonlyMap<string, ClusterWrites>
  readonly settings: RemediationSettings
  readonly authorise: Authorise
  readonly plan: PlanAction
  readonly now: () => Date
  readonly onDefect: (where: { readonly id: string }, error: unknown) => void
}

export type Guard = (approval: Approval, signal: AbortSignal) => Promise<Guarded>

/** Milliseconds for a fresh diagnosis. */
const patience = 30_000

/**
 * Makes the last check before something is executed: imagepull sealed the approval, the approver still has permission,
 * the incident is open, no other action is running for it, and a fresh diagnosis would offer exactly the same. It
 * throws ClusterError if the cluster could not be read.
 */
export function createGuard(deps: GuardOptions): Guard {
  return (approval, signal) => guard(deps, approval, signal)
}

async function guard(deps: GuardOptions, approval: Approval, signal: AbortSignal): Promise<Guarded> {
  const { incidents, clusters, writes, approvals } = deps
  if (!approvals.hasValidSeal(approval)) return { refused: text`The approval's signature is invalid.` }
  const incident = await incidents.read(approval.incident)
  const watched = clusters.get(approval.plan.cluster)
  if (!incident || isOver(incident)) return { refused: text`The incident is over.` }
  if (!watched || !writes.has(watched.name)) return { refused: text`The cluster is no longer configured.` }
  const action = findAction(approval.plan.action)
  const authority = await deps.authorise(toRequest(action, approval))
  if (!authority.allowed) return { refused: text`The approver no longer has permission.` }
  if (!action.checkedAnew) return { plan: approval.plan }
  const other = await findRunning(approvals, approval)
  if (other) return { refused: text`${other.label} is already running for this incident.` }
  const limited = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  return replan(deps, approval, incident, watched, limited)
}

/** Finds another action that is changing the cluster for the same incident. The incident's record may not show it yet. */
async function findRunning(approvals: ApprovalRecords, { id, incident }: Approval): Promise<Approval | undefined> {
  const live = await approvals.live()
  return live.find(
    (it) =>
      it.incident === incident && it.id !== id && it.state === 'executing' && findAction(it.plan.action).checkedAnew,
  )
}

async function replan(
  { settings, onDefect, now, plan }: Pick<GuardOptions, 'settings' | 'onDefect' | 'now' | 'plan'>,
  { plan: offered }: Approval,
  incident: Incident,
  watched: WatchedCluster,
  signal: AbortSignal,
): Promise<Guarded> {
  const action = findAction(offered.action)
  const seen = await diagnoseSubject(incident, watched, { signal, defect: onDefect, now })
  const facts = seen && readActionFacts(seen)
  if (!facts) return { refused: text`Nothing fails any more.` }
  const situation = { incident, facts, settings, now: now() }
  const gitDirectory = watched.gitDirectory
  const fresh = await plan(action, situation, watched.cluster, { anew: true, gitDirectory, signal })
  if (fresh.outcome === 'withheld') return { refused: fresh.reason }
  if (fresh.outcome === 'senseless')
    return { refused: text`The verdict changed to ${facts.failing.verdict.title}; this action no longer applies.` }
  const { target, hash, details } = fresh.plan
  if (target.uid !== offered.target.uid)
    return { refused: text`${offered.target.kind} ${offered.target.name} was replaced in the meantime.` }
  if (hash !== offered.hash) return { refused: text`The object has changed since this was offered.` }
  return { plan: { ...fresh.plan, details: action.narrowed?.(details, offered.details) ?? details } }
}
