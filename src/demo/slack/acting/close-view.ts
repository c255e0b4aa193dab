import { viewStack } from '../view-stack.ts'
import type { View } from '../workspace/records.ts'
import { viewJson } from '../workspace/view-json.ts'
import type { AppAnswer } from './app-answer.ts'
import { CannotAct } from './cannot-act.ts'
import { interactionParts } from './interaction-parts.ts'
import type { Stage } from './stage.ts'

export interface CloseAct {
  readonly user: string
  readonly view: View
}

/** A person closes the modal that they see. The app is told only where the view asks for it. */
export async function closeView({ platform, courier }: Stage, act: CloseAct): Promise<AppAnswer> {
  const { workspace } = platform
  const user = workspace.users.get(act.user)
  const view = viewStack(workspace, act.user).at(-1)
  if (!user || view?.id !== act.view.id) throw new CannotAct('no-such-view', `${act.user} does not see ${act.view.id}`)
  workspace.removeView(view.id)
  const isTold = view.content.type === 'modal' && view.content.notify_on_close
  if (!isTold) return { status: 'not-sent', body: undefined, ms: 0, attempts: 0 }
  const { trigger_id: _, ...parts } = interactionParts(platform, user)
  const payload = { type: 'view_closed', ...parts, view: viewJson(view, workspace), is_cleared: false }
  return courier.deliver('interactive', payload)
}
