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
import { createReport } from './execution/report.ts'
import { createStepRunner } from './execution/run-step.ts'
import { createOffers } from './offers.ts'
import type { ActionPermission, ActionPlaces, People } from './permissions.ts'
import { createPlanner } from './plan-action.ts'
import type { Rights } from './rights.ts'
import type { ActionTiming, RemediationSettings } from './settings.ts'

interface Dependencies {
  readonly store: Store
  readonly incidents: IncidentRecords
  readonly queue: Pick<Queue, 'add'>
  readonly clusters: WatchedClusters
  /** By the cluster's name. A cluster without writes is read-only. */
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

/** Offers actions, decides on clicks, and does what was approved. */
export interface Remediation extends Executor {
  readonly findOffers: FindOffers
  readonly decide: Decide
}

/** Connects the parts of this folder. Each part takes only what it uses. */
export function createRemediation(deps: Dependencies): Remediation {
  const approvals = approvalRecords(deps.store)
  const authorise = createAuthority(deps)
  const plan = createPlanner(deps)
  const report = createReport(deps)
  const guard = createGuard({ ...deps, approvals, authorise, plan })
  const runStep = createStepRunner({ ...deps, approvals, authorise, report })
  return {
    ...createExecutor({ ...deps, approvals, guard, runStep, report }),
    findOffers: createOffers({ ...deps, plan }),
    decide: createDecide({ ...deps, authorise, report }),
  }
}
