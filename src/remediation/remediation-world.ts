import type { IncidentWorld } from '../incidents/incident-world.ts'
import type { ClusterWrites } from '../kubernetes/writes.ts'
import type { Seal } from './approvals/seal.ts'
import type { ActionPermission, People } from './permissions.ts'
import type { Rights } from './rights.ts'
import type { ActionPauses, RemediationSettings } from './settings.ts'

/** Where in Slack something may be done. */
export interface ActionPlaces {
  /** `changes`: the cluster. False where the channel is not listed for it, or another organisation reads it. */
  allows(
    channel: string,
    of: { readonly changes: boolean; readonly cluster: string; readonly namespace: string },
  ): Promise<boolean>
}

/** What acting needs of the rest of the program. */
export interface RemediationWorld {
  readonly incidents: IncidentWorld
  /** By the cluster's name. One that is missing is only looked at. */
  readonly writes: ReadonlyMap<string, ClusterWrites>
  readonly people: People
  readonly places: ActionPlaces
  readonly permissions: readonly ActionPermission[]
  readonly rights: Rights
  readonly settings: RemediationSettings
  readonly pauses: ActionPauses
  readonly seal: Seal
  /** An action ended so. Counted again where the process died in between. */
  readonly ended: (action: string, how: string) => void
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}
