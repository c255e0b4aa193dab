import { text } from '../text.ts'
import { approvalRecords } from './approval-records.ts'
import { endAction } from './end-action.ts'
import type { RemediationWorld } from './remediation-world.ts'

/** A job that acts has failed for good: what it did stays, and nothing more is done for that approval. */
export async function giveUp(world: RemediationWorld, id: string): Promise<void> {
  const approvals = approvalRecords(world.incidents.store)
  const known = await approvals.read(id)
  if (!known) return
  const at = world.incidents.now().toISOString()
  const reason = text`Something failed on my side, so nothing more is done.`
  await approvals.step(known, { what: 'refused', at, reason }, world.seal.of)
  const now = await approvals.step(known, { what: 'ended', at, how: 'failed', reason }, world.seal.of)
  if (now) await endAction(world, now)
}
