import type { Incident } from '../incidents/incident.ts'
import type { IncidentRecords } from '../incidents/records.ts'
import type { WatchedCluster } from '../incidents/watched-cluster.ts'
import type { ClusterWrites } from '../kubernetes/writes.ts'
import type { Queue } from '../queue/queue.ts'
import type { Store } from '../store/store.ts'
import type { Text } from '../text.ts'
import type { Approval } from './approvals/approval.ts'
import type { AuditEvent, Evidence } from './execution/audit.ts'
import type { ActionTiming } from './settings.ts'

export type Memory = Readonly<Record<string, unknown>>

export interface StepContext<D> {
  readonly store: Store
  readonly incidents: IncidentRecords
  readonly queue: Pick<Queue, 'add'>
  readonly timing: ActionTiming
  readonly now: () => Date
  readonly watched: WatchedCluster
  readonly writes: ClusterWrites
  readonly incident: Incident
  readonly approval: Approval
  readonly details: D
  /** What this step noted when it last ran. Empty at first. */
  readonly memory: Memory
  /** When this step began. */
  readonly since: Date
  /** Returns the memory of an earlier step. */
  memoryOf(step: string): Memory
  /** Tells whether the approver may do the same in another namespace. */
  mayIn(namespace: string): Promise<boolean>
  readonly signal: AbortSignal
  /** Stores what is needed to find out later whether something irrevocable was done. Call it before doing it. */
  note(memory: Memory): Promise<void>
  /** Adds a change to the audit. */
  effect(of: Pick<AuditEvent, 'key' | 'target' | 'before' | 'after'>): Promise<void>
  keep(evidence: Pick<Evidence, 'what' | 'namespace' | 'name' | 'uid' | 'content'>): Promise<void>
}

/** The outcome of a step. `result` completes its title: "Job backend-build-r7f3a1c2d: created". */
export type StepOutcome =
  | { readonly step: 'done'; readonly result?: Text; readonly memory?: Memory; readonly shows?: Shown }
  /** It is in progress, or not possible yet. The step runs again after `ms` milliseconds. */
  | { readonly step: 'wait'; readonly ms: number; readonly result?: Text; readonly memory?: Memory }
  /** `reason`: a sentence. The following steps do not run. */
  | { readonly step: 'failed'; readonly reason: Text; readonly lines?: readonly string[] }

/** What the action's reply shows beside its steps. */
export type Shown = Pick<Approval, 'document' | 'calls'>

/**
 * A part of an action with at most one effect, which can be observed. After an interruption it runs again from its
 * beginning, so it first finds out what has already happened. If it throws ClusterError, it runs again.
 */
export interface Step<D> {
  readonly id: string
  title(details: D): string
  /** Tells whether the step is needed. Absent: always. */
  only?(details: D): boolean
  run(context: StepContext<D>): Promise<StepOutcome>
}
