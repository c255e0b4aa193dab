import type { FindOffers } from '../incidents/investigation/investigate.ts'
import type { IncidentRecords } from '../incidents/records.ts'
import type { WatchedClusters } from '../incidents/watched-cluster.ts'
import type { ClusterWrites } from '../kubernetes/writes.ts'
import type { Queue } from '../queue/queue.ts'
import type { Store } from '../store/store.ts'
import { createAuthority } from './approvals/authorise.ts'
import { createDecide, type Decide } from './approvals/decide.ts'
import { createGuard } from './approvals/guard.ts'
import { approvalRecords } from './approvals/records.ts'
import type { Seal } from './approvals/seal.ts'
import { createExecutor, type Executor } from './execution/execute.ts'
import { createReports } from './execution/report.ts'
import { createStepRunner } from './execution/run-step.ts'
import { createOffers } from './offers.ts'
import type { ActionPermission, ActionPlaces, People } from './permissions.ts'
import { createPlanner } from './plan-action.ts'
import type { Rights } from './rights.ts'
import type { ActionTiming, RemediationSettings } from './settings.ts'

export interface RemediationOptions {
  readonly store: Store
  readonly incidents: IncidentRecords
  readonly queue: Pick<Queue, 'add'>
  readonly clusters: WatchedClusters
  /** The connections that change the clusters, by name. A cluster without one is read-only. */
  readonly writes: ReadonlyMap<string, ClusterWrites>
  readonly people: People
  readonly places: ActionPlaces
  readonly permissions: readonly ActionPermission[]
  readonly rights: Rights
  readonly settings: RemediationSettings
  readonly timing: ActionTiming
  readonly seal: Seal
  readonly now: () => Date
  /** A check or a cause threw an error by itself. */
  readonly onDefect: (where: { readonly id: string }, error: unknown) => void
  /** An action ended. It is called again if the process was killed in between. */
  readonly onEnded: (action: string, how: string) => void
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Offers actions, decides on clicks, and executes what was approved. */
export interface Remediation extends Executor {
  readonly findOffers: FindOffers
  readonly decide: Decide
}

/** Connects the parts of this folder. */
export function createRemediation(options: RemediationOptions): Remediation {
  const { store, incidents, queue, clusters, writes, permissions, rights, settings, timing, now } = options
  const { people, places, onDefect, onEnded, warn } = options
  const approvals = approvalRecords(store, options.seal)
  const authorise = createAuthority({ people, places, permissions })
  const plan = createPlanner({ writes, permissions, rights })
  const reports = createReports({ store, incidents, queue, permissions, now, onEnded })
  const guard = createGuard({ approvals, incidents, clusters, writes, settings, authorise, plan, now, onDefect })
  const runStep = createStepRunner({
    store,
    approvals,
    incidents,
    queue,
    clusters,
    writes,
    authorise,
    reports,
    timing,
    now,
  })
  const executor = createExecutor({ store, approvals, queue, guard, runStep, reports, timing, now, warn })
  return {
    ...executor,
    findOffers: createOffers({ store, clusters, settings, plan, now, warn }),
    decide: createDecide({ store, approvals, incidents, queue, authorise, reports, now }),
  }
}
