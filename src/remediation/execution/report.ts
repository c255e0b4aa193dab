import { type ActionEntry, withAction } from '../../incidents/incident.ts'
import type { IncidentRecords } from '../../incidents/records.ts'
import { isOver } from '../../incidents/transition.ts'
import type { Queue } from '../../queue/queue.ts'
import type { Store } from '../../store/store.ts'
import { plain } from '../../text.ts'
import { findAction } from '../actions.ts'
import type { Approval } from '../approvals/approval.ts'
import { type ActionPermission, whoMay } from '../permissions.ts'
import { auditRecords } from './audit.ts'

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

/** Returns an approval in the form in which its incident shows it. */
export function toActionEntry(approval: Approval, permissions: readonly ActionPermission[]): ActionEntry {
  const { id, plan, label, says, state, askedBy, decidedBy, steps, endedAt, reason, lines, document, calls } = approval
  const { action, cluster, namespace } = plan
  const { groups, users } = whoMay(permissions, { action, cluster, namespace })
  return {
    id,
    action,
    label,
    state: states[state],
    alone: findAction(action).checkedAnew,
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

interface ReportOptions {
  readonly store: Store
  readonly incidents: IncidentRecords
  readonly queue: Pick<Queue, 'add'>
  readonly permissions: readonly ActionPermission[]
  readonly now: () => Date
  /** An action ended. It is called again if the process was killed in between. */
  readonly onEnded: (action: string, how: string) => void
}

/** Both are safe to run again. Throws StoreError, QueueError. */
export interface ApprovalReports {
  /** Writes the state of an approval into its incident, and has the thread show it. */
  show(approval: Approval): Promise<void>
  /** Reports how an action ended: in the audit, in the thread, and to the next diagnosis of the incident. */
  showEnd(approval: Approval): Promise<void>
}

export function createReports({ store, incidents, queue, permissions, now, onEnded }: ReportOptions): ApprovalReports {
  async function show(approval: Approval): Promise<void> {
    const entry = toActionEntry(approval, permissions)
    const at = now().toISOString()
    await incidents.change(approval.incident, (before) => withAction(before, entry, at))
    await queue.add('sync-thread', approval.incident)
  }

  async function showEnd(approval: Approval): Promise<void> {
    const { state, reason, decidedBy, endedAt } = approval
    const result = reason ? `${state}: ${plain(reason)}` : state
    const at = endedAt ?? now().toISOString()
    // A request that was never approved has no outcome.
    if (decidedBy && state !== 'declined')
      await auditRecords(store).append(approval, { key: decidedBy.at, what: 'outcome', at, result })
    onEnded(approval.plan.action, state)
    await show(approval)
    const incident = await incidents.read(approval.incident)
    if (incident && !isOver(incident)) await queue.add('investigate', incident.id)
  }

  return { show, showEnd }
}
