import { type ActionEntry, withAction } from '../../incidents/incident.ts'
import type { IncidentRecords } from '../../incidents/records.ts'
import type { Queue } from '../../queue/queue.ts'
import { actionOf } from '../actions.ts'
import type { Approval } from '../approvals/approval.ts'
import { type ActionPermission, whoMay } from '../permissions.ts'

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

/** An approval as its incident shows it. */
export function toActionEntry(approval: Approval, permissions: readonly ActionPermission[]): ActionEntry {
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

interface Dependencies {
  readonly incidents: IncidentRecords
  readonly queue: Pick<Queue, 'add'>
  readonly permissions: readonly ActionPermission[]
  readonly now: () => Date
}

export type ReportApproval = (approval: Approval) => Promise<void>

/** Writes the state of an approval into its incident, and has the thread show it. Throws StoreError, QueueError. */
export function createReport({ incidents, queue, permissions, now }: Dependencies): ReportApproval {
  return async (approval) => {
    const entry = toActionEntry(approval, permissions)
    const at = now().toISOString()
    await incidents.change(approval.incident, (before) => withAction(before, entry, at))
    await queue.add('sync-thread', approval.incident)
  }
}
