import type { Incident } from '../../incidents/incident.ts'
import { lookAtSubject } from '../../incidents/subject.ts'
import { isOver } from '../../incidents/transition.ts'
import type { WatchedCluster } from '../../incidents/watched-cluster.ts'
import { type Text, text } from '../../text.ts'
import { actionOf } from '../actions.ts'
import { readActionFacts } from '../facts.ts'
import { planAction } from '../plan-action.ts'
import type { RemediationWorld } from '../remediation-world.ts'
import type { Approval, Plan } from './approval.ts'
import { authoriseApproval } from './authorise.ts'
import { approvalRecords } from './records.ts'

/** What may be done now, of what was approved; or why nothing may: a sentence. */
export type Guarded = { readonly plan: Plan } | { readonly refused: Text }

/** Milliseconds for a fresh diagnosis. */
const patience = 30_000

/**
 * The last look before something is done: it is approved by this program and by one who may, the incident is open, nothing
 * else is under way for it, and a fresh diagnosis would offer the very same. Throws ClusterError where it could not look.
 */
export async function guard(world: RemediationWorld, approval: Approval, signal: AbortSignal): Promise<Guarded> {
  const { incidents, clusters, now } = world.incidents
  if (!world.seal.fits(approval)) return { refused: text`This approval was not made by me.` }
  const incident = await incidents.read(approval.incident)
  const watched = clusters.get(approval.plan.cluster)
  if (!incident || isOver(incident)) return { refused: text`The incident is over.` }
  if (!watched || !world.writes.has(watched.name)) return { refused: text`The cluster is no longer configured.` }
  const action = actionOf(approval.plan.action)
  const authority = await authoriseApproval(world, action, approval)
  if (!authority.may) return { refused: text`Who approved it may not do it any more.` }
  if (!action.checkedAnew) return { plan: approval.plan }
  const other = await otherOf(world, approval)
  if (other) return { refused: text`${other.label} is under way for this incident.` }
  const limited = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  return planAnew(world, approval, incident, watched, now(), limited)
}

/** What changes the cluster for the same incident now. The approvals say so themselves: an incident is told of it later. */
async function otherOf({ incidents }: RemediationWorld, { id, incident }: Approval): Promise<Approval | undefined> {
  const live = await approvalRecords(incidents.store).live()
  return live.find(
    (it) =>
      it.incident === incident && it.id !== id && it.state === 'executing' && actionOf(it.plan.action).checkedAnew,
  )
}

async function planAnew(
  world: RemediationWorld,
  { plan: offered }: Approval,
  incident: Incident,
  watched: WatchedCluster,
  now: Date,
  signal: AbortSignal,
): Promise<Guarded> {
  const action = actionOf(offered.action)
  const { defect, now: clock } = world.incidents
  const seen = await lookAtSubject(incident, watched, { signal, defect, now: clock })
  const facts = seen && readActionFacts(seen)
  if (!facts) return { refused: text`Nothing fails any more.` }
  const { settings } = world
  const { directory: gitDirectory } = watched.world().settings.gitops
  const situation = { incident, facts, settings, now }
  const fresh = await planAction(world, action, situation, watched.cluster, { anew: true, gitDirectory, signal })
  if (fresh.outcome === 'withheld') return { refused: fresh.reason }
  if (fresh.outcome === 'senseless')
    return { refused: text`The verdict is another now: ${facts.failing.verdict.title}. This does not help against it.` }
  const { target, hash, details } = fresh.plan
  if (target.uid !== offered.target.uid)
    return { refused: text`${offered.target.kind} ${offered.target.name} was replaced since.` }
  if (hash !== offered.hash) return { refused: text`It has changed since it was offered.` }
  return { plan: { ...fresh.plan, details: action.narrowed?.(details, offered.details) ?? details } }
}
