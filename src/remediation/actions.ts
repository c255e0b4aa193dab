import type { Action } from './action.ts'
import type { ActionId } from './action-id.ts'
import { createBuild } from './create-build.ts'
import { deleteStuckPod } from './delete-stuck-pod.ts'
import { deleteStuckPods } from './delete-stuck-pods.ts'
import { escalate } from './escalate.ts'
import { mute } from './mute.ts'
import { proposeBuild } from './propose-build.ts'
import { rerunBuild } from './rerun-build.ts'
import { restartRegistry } from './restart-registry.ts'
import { rollBack } from './roll-back.ts'
import { testFromNode } from './test-from-node.ts'

/** Every action, in the order in which they are offered: of two that could be first, the earlier is. */
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

export function actionOf(id: ActionId): Action {
  const found = byId.get(id)
  if (!found) throw new Error(`no action ${id}`)
  return found
}
