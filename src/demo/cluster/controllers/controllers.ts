import type { Controller } from './controller.ts'
import { deployments } from './deployments.ts'
import { endpointSlices } from './endpoint-slices.ts'
import { garbageCollector } from './garbage-collector.ts'
import { type JobBackoff, jobs } from './jobs.ts'
import { replicaSets } from './replica-sets.ts'
import { scheduler } from './scheduler.ts'
import { serviceAccounts } from './service-accounts.ts'
import { statefulSets } from './stateful-sets.ts'

/** Everything that runs in the control plane. */
export function controllers(backoff: JobBackoff): readonly Controller[] {
  return [
    serviceAccounts,
    garbageCollector,
    deployments,
    replicaSets,
    statefulSets,
    jobs(backoff),
    scheduler,
    endpointSlices,
  ]
}
