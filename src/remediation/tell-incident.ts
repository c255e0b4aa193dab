import { withAction } from '../incidents/with-action.ts'
import type { Approval } from './approval.ts'
import { entryOf } from './entry-of.ts'
import type { RemediationWorld } from './remediation-world.ts'

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
