import { setTimeout as wait } from 'node:timers/promises'
import type { Pod } from '../../kubernetes/resources.ts'
import type { ObjectStore } from '../cluster/api/object-store.ts'
import { typedObjects } from '../cluster/typed-objects.ts'

/** Real milliseconds. */
const limits = { look: 5, quiet: 3, most: 10_000 } as const

/** Waits until every pod has come as far as it can for now: it is ready, has ended, or has failed once. */
export async function settle(store: ObjectStore, { builds }: { readonly builds: boolean }): Promise<void> {
  const end = performance.now() + limits.most
  for (let quiet = 0; quiet < limits.quiet; ) {
    await wait(limits.look)
    const moving = unsettled(store, builds)
    quiet = moving.length === 0 ? quiet + 1 : 0
    if (performance.now() > end) throw new Error(`the sample cluster does not settle: ${moving.join(', ')}`)
  }
}

function unsettled(store: ObjectStore, builds: boolean): readonly string[] {
  const pods = typedObjects(store, 'pods').filter((pod) => !isAtRest(pod))
  const sets = typedObjects(store, 'replicasets').filter(({ spec, status }) => status.replicas !== spec.replicas)
  const jobs = typedObjects(store, 'jobs').filter(({ status }) => status.conditions.length === 0 && builds)
  return [...pods, ...sets, ...jobs].map(({ metadata }) => metadata.name)
}

const starting: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing'])

function isAtRest({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp) return false
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return true
  const ready = status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  const failing = status.containerStatuses.some(
    ({ state, restartCount }) => restartCount > 0 || (state.waiting && !starting.has(state.waiting.reason)),
  )
  return ready || failing
}
