import { type Live, onChanges } from '../objects.ts'
import type { Controller } from './controller.ts'
import { deployments } from './deployments.ts'
import { endpointSlices } from './endpoint-slices.ts'
import { garbageCollector, serviceAccounts } from './garbage-collector.ts'
import { type JobBackoff, jobs } from './jobs.ts'
import { replicaSets } from './replica-sets.ts'
import { scheduler } from './scheduler.ts'
import { statefulSets } from './stateful-sets.ts'

/** The controllers of the control plane. */
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

/** The maximum number of rounds. A controller that needs more is a defect. */
const most = 100

/** Runs controllers after each change until none has work left. Returns the function that stops them. */
export function runControllers(live: Live, controllers: readonly Controller[]): () => void {
  const { store, clock } = live
  let alarm = new AbortController()

  function work(): void {
    let wishes: readonly number[] = []
    let version = ''
    for (let round = 0; round < most && version !== store.version; round++) {
      version = store.version
      wishes = controllers.flatMap((controller) => controller(live) ?? [])
    }
    alarm.abort()
    alarm = new AbortController()
    if (wishes.length > 0) clock.sleep(Math.min(...wishes), alarm.signal).then(work, () => undefined)
  }

  const rest = onChanges(store, () => true, work)
  return () => {
    rest()
    alarm.abort()
  }
}
