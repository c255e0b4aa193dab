import { approvalRecords } from '../approvals/records.ts'
import type { RemediationWorld } from '../remediation-world.ts'
import { endAction } from './execute.ts'

/** Milliseconds without a sign of a worker, after which its job counts as lost. Every step is recorded more often. */
const silence = 30_000

/**
 * What the records say is to be done, and nobody seems to do: a job that was lost with the queue, or that nobody could add.
 * Requests that nobody answered end here.
 */
export async function reconcileApprovals(world: RemediationWorld): Promise<void> {
  const { store, now, queue } = world.incidents
  const approvals = approvalRecords(store)
  const at = now()
  for (const approval of await approvals.live()) {
    const { id, state, touchedAt, decidedBy } = approval
    const expired = await approvals.step(approval, { what: 'expired', at: at.toISOString() }, world.seal.of)
    if (expired?.state === 'expired') await endAction(world, expired)
    const last = Date.parse(touchedAt ?? decidedBy?.at ?? '')
    const silent = state !== 'pending' && expired?.state !== 'expired' && !(at.getTime() - last < silence)
    if (silent) await queue.add('act', id)
  }
}
