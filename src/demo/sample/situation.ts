import { setTimeout as wait } from 'node:timers/promises'
import type { Pod } from '../../kubernetes/resources.ts'
import type { ObjectStore } from '../../simulator/cluster/api/store.ts'
import type { LiveCluster } from '../../simulator/cluster/live-cluster.ts'
import { typedObjects } from '../../simulator/cluster/objects.ts'
import type { SampleServers } from './servers.ts'

/** A failure (or a healthy workload) in the sample cluster, with its repair. */
export interface Situation {
  /** `build-failed` */
  readonly name: string
  /** The target to diagnose. */
  readonly target: string
  /** A short title. */
  readonly shows: string
  /** A short description of the repair. Absent: nothing is wrong. */
  readonly repair?: string
  /** How it came about, oldest first. */
  readonly chapters: readonly Chapter[]
  /** Removes the cause. Waiting pods then retry; a failed build must be run again. */
  mend?(world: SampleWorld): Promise<void>
}

export interface Chapter {
  /** Milliseconds before now. */
  readonly ago: number
  /** The story does not wait for builds that this chapter starts. */
  readonly goesOn?: true
  happen(world: SampleWorld): Promise<void>
}

/** The means to create and repair situations. */
export interface SampleWorld {
  readonly cluster: LiveCluster
  readonly servers: SampleServers
  /** Applies manifests like `kubectl apply`. Throws if the API server refuses them. `manager`: the field manager. */
  apply(manifests: string, manager?: string): Promise<void>
}

/** Milliseconds, for chapters. */
export const ago = {
  seconds: (count: number): number => count * 1_000,
  minutes: (count: number): number => count * 60_000,
  days: (count: number): number => count * 86_400_000,
} as const

/**
 * Real milliseconds: between two looks at the cluster, and until it counts as stuck, on a slow machine too. `quiet`: looks
 * without a change.
 */
const limits = { look: 5, quiet: 3, most: 120_000 } as const

/** Waits until every pod is ready, has ended, or has failed once. */
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
