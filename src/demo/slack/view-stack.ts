import type { View } from './workspace/records.ts'
import type { Workspace } from './workspace/workspace.ts'

/** The modals that a user sees, the topmost one last. */
export function viewStack({ views }: Workspace, user: string): readonly View[] {
  const modals = [...views.values()].filter((view) => view.user === user && view.content.type === 'modal')
  const below = (view: View): readonly View[] => {
    const previous = modals.find((each) => each.id === view.previousId)
    return previous ? [...below(previous), view] : [view]
  }
  const top = modals.find((view) => modals.every((each) => each.previousId !== view.id))
  return top ? below(top) : []
}
