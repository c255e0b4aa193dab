import type { Queue } from '../queue/queue.ts'
import type { Store } from '../store/store.ts'
import type { Routes } from './alerts/routes.ts'
import type { Incident, Offers } from './incident.ts'
import type { IncidentRecords } from './records.ts'
import type { DiagnosedSubject } from './subject.ts'
import type { Pauses, WatchedClusters } from './watched-cluster.ts'

/** How an incident behaves, from the configuration. */
export interface IncidentSettings {
  /** Milliseconds that a failure may last before anybody is told of it unasked. */
  readonly grace: number
  /** Milliseconds in which several reports of one thing arrive. */
  readonly settle: number
  /** Milliseconds after its end in which an incident that happens again is the same one. */
  readonly join: number
  /** What becomes of an alert whose pod has pulled its images. */
  readonly others: 'leave' | 'say'
}

/** What the work on incidents needs of the rest of the program. */
export interface IncidentWorld {
  readonly clusters: WatchedClusters
  readonly incidents: IncidentRecords
  readonly store: Store
  readonly queue: Pick<Queue, 'add'>
  readonly routes: Routes
  readonly settings: IncidentSettings
  readonly now: () => Date
  readonly newId: () => string
  readonly pauses: Pauses
  /** A check came out so. @param took Milliseconds. */
  readonly checked: (cause: string, confidence: string, took: number) => void
  /** What could be done about an incident, of which this was seen. Never throws: then there is nothing. */
  readonly offers: (incident: Incident, seen: DiagnosedSubject, signal: AbortSignal) => Promise<Offers>
  /** A defect of a check or a cause: it is logged and counted. */
  readonly defect: (where: { readonly id: string }, error: unknown) => void
}
