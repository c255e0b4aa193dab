import type { Queue } from '../queue/queue.ts'
import type { Store } from '../store/store.ts'
import type { IncidentRecords } from './incident-records.ts'
import type { WatchedClusters } from './watched-cluster.ts'

/** What the work on incidents needs of the rest of the program. */
export interface IncidentWorld {
  readonly clusters: WatchedClusters
  readonly incidents: IncidentRecords
  readonly store: Store
  readonly queue: Pick<Queue, 'add'>
  readonly now: () => Date
  readonly newId: () => string
  /** A check came out so. @param took Milliseconds. */
  readonly checked: (cause: string, confidence: string, took: number) => void
  /** A defect of a check or a cause: it is logged and counted. */
  readonly defect: (where: { readonly id: string }, error: unknown) => void
}
