import type { HomeView, ModalView } from '@slack/types'
import type { Clock } from '../clock.ts'
import { Refusal, refuseProblems } from './api/replies.ts'
import { validateView } from './validation/validate.ts'
import { type Ids, withIds } from './workspace/ids.ts'
import type { View } from './workspace/records.ts'
import type { Workspace } from './workspace/workspace.ts'

interface Place {
  readonly user: string
  /** The view below it. */
  readonly above?: View
  /** The view that it replaces. */
  readonly instead?: View
}

/** Opens a view for a user. Throws Refusal if it is invalid. */
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

/** Returns the modals of a user, the topmost one last. */
export function viewStack({ views }: Workspace, user: string): readonly View[] {
  const modals = [...views.values()].filter((view) => view.user === user && view.content.type === 'modal')
  const below = (view: View): readonly View[] => {
    const previous = modals.find((each) => each.id === view.previousId)
    return previous ? [...below(previous), view] : [view]
  }
  const top = modals.find((view) => modals.every((each) => each.previousId !== view.id))
  return top ? below(top) : []
}

/** https://docs.slack.dev/interactivity/handling-user-interaction: "expires in three seconds", and "may only be used once". */
const lifetime = 3_000

export interface Triggers {
  issue(user: string): string
  /** Redeems a trigger and returns its user. Throws Refusal if it is unknown, used or expired. */
  exchange(trigger: string): string
}

export function createTriggers(clock: Clock, ids: Ids): Triggers {
  const issued = new Map<string, { readonly user: string; readonly at: number; readonly used: boolean }>()
  return {
    issue(user) {
      const trigger = `${ids.ts()}.${ids.secret()}`
      issued.set(trigger, { user, at: clock.now(), used: false })
      return trigger
    },
    exchange(trigger) {
      const found = issued.get(trigger)
      if (!found) throw new Refusal('invalid_trigger_id')
      if (found.used) throw new Refusal('exchanged_trigger_id')
      if (clock.now() - found.at > lifetime) throw new Refusal('expired_trigger_id')
      issued.set(trigger, { ...found, used: true })
      return found.user
    },
  }
}
