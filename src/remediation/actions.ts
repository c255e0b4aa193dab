import type { Action } from './action.ts'
import type { ActionId } from './action-id.ts'
import { createBuild } from './actions/create-build.ts'
import { deleteStuckPod, deleteStuckPods } from './actions/delete-stuck-pods.ts'
import { escalate } from './actions/escalate.ts'
import { mute } from './actions/mute.ts'
import { proposeBuild } from './actions/propose-build.ts'
import { rerunBuild } from './actions/rerun-build.ts'
import { restartRegistry } from './actions/restart-registry.ts'
import { rollBack } from './actions/roll-back.ts'
import { testFromNode } from './actions/test-from-node.ts'

/** All actions, in the order in which they are offered. If two could be the primary one, the earlier one is. */
export const actions: readonly Action[] = [
  rerunBuild,
  createBuild,
  proposeBuild,
  restartRegistry,
  deleteStuckPod,
  deleteStuckPods,
  rollBack,
  testFromNode,
  escalate,
  mute,
]

const byId: ReadonlyMap<ActionId, Action> = new Map(actions.map((it) => [it.id, it]))

export function findAction(id: ActionId): Action {
  const found = byId.get(id)
  if (!found) throw new Error(`no action ${id}`)
  return found
}
