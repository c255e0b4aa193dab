import { isOver } from '../incidents/transition.ts'
import { plain } from '../text.ts'
import type { Approval } from './approval.ts'
import { auditRecords } from './audit.ts'
import type { RemediationWorld } from './remediation-world.ts'
import { tellIncident } from './tell-incident.ts'

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
