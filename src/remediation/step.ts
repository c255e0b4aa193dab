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
  /** As this step left it when it last ran; empty at first. */
  readonly memory: Memory
  /** When this step began. */
  readonly since: Date
  /** Of an earlier step that has ended. */
  memoryOf(step: string): Memory
  /** Whether who approved it may do it in that namespace, too. */
  mayIn(namespace: string): Promise<boolean>
  readonly signal: AbortSignal
  /** Writes down, before something irrevocable is done, what is needed to know later whether it was. */
  note(memory: Memory): Promise<void>
  /** Tells the audit of a change. */
  effect(of: Pick<AuditEvent, 'key' | 'target' | 'before' | 'after'>): Promise<void>
  keep(evidence: Pick<Evidence, 'what' | 'namespace' | 'name' | 'uid' | 'content'>): Promise<void>
}

/** What became of a step. `result` completes its title: "Job backend-build-r7f3a1c2d: created". */
export type StepOutcome =
  | { readonly step: 'done'; readonly result?: Text; readonly memory?: Memory; readonly shows?: Shown }
  /** It is under way, or not possible yet: look again in so many milliseconds. */
  | { readonly step: 'wait'; readonly ms: number; readonly result?: Text; readonly memory?: Memory }
  /** `reason`: a sentence. Nothing of what follows is done. */
  | { readonly step: 'failed'; readonly reason: Text; readonly lines?: readonly string[] }

/** What the reply shows beside its steps. */
export type Shown = Pick<Approval, 'document' | 'calls'>

/**
 * A part of an action with one effect at most, which can be seen. It runs again from its beginning after an interruption,
 * so it looks first what has happened already. Throws ClusterError, and then runs again.
 */
export interface Step<D> {
  readonly id: string
  title(details: D): string
  /** Absent: always. */
  only?(details: D): boolean
  run(context: StepContext<D>): Promise<StepOutcome>
}
