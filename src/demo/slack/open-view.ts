import type { HomeView, ModalView } from '@slack/types'
import { validateView } from '../../slack/validate.ts'
import { refuseProblems } from './refuse-problems.ts'
import type { Ids } from './workspace/ids.ts'
import type { View } from './workspace/records.ts'
import { withIds } from './workspace/with-ids.ts'
import type { Workspace } from './workspace/workspace.ts'

interface Place {
  readonly user: string
  /** What it lies on. */
  readonly above?: View
  /** What it takes the place of. */
  readonly instead?: View
}

/** Shows a view to a user. Throws Refusal where it is not valid. */
export function openView(workspace: Workspace, ids: Ids, view: unknown, { user, above, instead }: Place): View {
  refuseProblems(validateView(view))
  const given = view as ModalView | HomeView // as validateView finds it
  const blocks = [...withIds(given.blocks, () => ids.next('').slice(-5).toLowerCase())]
  const id = instead?.id ?? ids.next('V')
  const below = instead?.previousId ?? above?.id
  const opened: View = {
    id,
    user,
    hash: ids.ts(),
    rootId: instead?.rootId ?? above?.rootId ?? id,
    ...(below && { previousId: below }),
    content: { ...given, blocks },
  }
  workspace.putView(opened)
  return opened
}
