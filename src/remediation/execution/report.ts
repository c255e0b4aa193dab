import { type ActionEntry, withAction } from '../../incidents/incident.ts'
import { actionOf } from '../actions.ts'
import type { Approval } from '../approvals/approval.ts'
import { type ActionPermission, whoMay } from '../permissions.ts'
import type { RemediationWorld } from '../remediation-world.ts'

const states = {
  pending: 'asked',
  approved: 'approved',
  executing: 'running',
  done: 'done',
  failed: 'failed',
  refused: 'refused',
  declined: 'declined',
  expired: 'expired',
} as const satisfies Readonly<Record<Approval['state'], ActionEntry['state']>>

/** An approval as the incident tells it. */
export function entryOf(approval: Approval, permissions: readonly ActionPermission[]): ActionEntry {
  const { id, plan, label, says, state, askedBy, decidedBy, steps, endedAt, reason, lines, document, calls } = approval
  const { action, cluster, namespace } = plan
  const { groups, users } = whoMay(permissions, { action, cluster, namespace })
  return {
    id,
    action,
    label,
    state: states[state],
    alone: actionOf(action).checkedAnew,
    ...(askedBy && { askedBy: { user: askedBy.user, at: askedBy.at } }),
    ...(decidedBy && { by: { user: decidedBy.user, at: decidedBy.at } }),
    ...(state === 'pending' && { whoMay: { groups: [...groups], users: [...users] } }),
    says,
    steps: steps.map(({ id, title, state, result }) => ({ id, title, state, ...(result && { result }) })),
    ...(endedAt && { endedAt }),
    ...(reason && { reason }),
    ...(lines && { lines: [...lines] }),
    ...(document && { document }),
    ...(calls && { calls }),
  }
}

/** Has the incident, and so its thread, show an approval as it is now. */
export async function tellIncident(
  { incidents, permissions }: Pick<RemediationWorld, 'incidents' | 'permissions'>,
  approval: Approval,
): Promise<void> {
  const entry = entryOf(approval, permissions)
  const at = incidents.now().toISOString()
  await incidents.incidents.change(approval.incident, (before) => withAction(before, entry, at))
  await incidents.queue.add('sync-thread', approval.incident)
}
