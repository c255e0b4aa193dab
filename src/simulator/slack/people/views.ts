import type { KnownBlock } from '@slack/types'
import { z } from 'zod'
import type { Platform } from '../platform.ts'
import { openView, viewStack } from '../views.ts'
import { type ViewValues, viewJson } from '../workspace/json.ts'
import type { User, View } from '../workspace/records.ts'
import { CannotAct } from './attempts.ts'
import { showAnswer } from './courier.ts'
import { chosenOf, usableElements } from './elements.ts'
import type { AppAnswer, Sending } from './http.ts'
import { interactionParts } from './press.ts'
import type { Stage } from './stage.ts'

export interface SubmitAct {
  readonly user: string
  readonly view: View
  readonly values?: Filled
}

/** https://docs.slack.dev/surfaces/modals#updating_response */
const responseSchema = z.union([
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.enum(['update', 'push']), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
])

/** Submits the topmost modal. An empty answer closes it; `errors` keep it open. */
export async function submitView({ platform, courier }: Stage, act: SubmitAct, sending?: Sending): Promise<AppAnswer> {
  const { workspace } = platform
  const { user, view } = topmost(platform, act)
  const payload = {
    type: 'view_submission',
    ...interactionParts(platform, user),
    view: viewJson(view, workspace, viewValues(view, act.values ?? {})),
    response_urls: [],
  }
  const answer = await courier.deliver('interactive', payload, sending)
  if (answer.status === 200 && (answer.body === undefined || answer.body === null)) workspace.removeView(view.id)
  return showAnswer(answer, (body) => respond(platform, view, body))
}

function topmost({ workspace }: Platform, act: SubmitAct): { readonly user: User; readonly view: View } {
  const user = workspace.users.get(act.user)
  const view = viewStack(workspace, act.user).at(-1)
  if (!user || view?.id !== act.view.id) throw new CannotAct('no-such-view', `${act.user} does not see ${act.view.id}`)
  return { user, view }
}

function respond({ workspace, ids }: Platform, view: View, body: unknown): void {
  const response = responseSchema.parse(body)
  const { user } = view
  switch (response.response_action) {
    case 'errors':
      break
    case 'clear':
      for (const each of viewStack(workspace, user)) workspace.removeView(each.id)
      break
    case 'update':
      openView(workspace, ids, response.view, { user, instead: view })
      break
    case 'push':
      openView(workspace, ids, response.view, { user, above: view })
      break
  }
}

export interface CloseAct {
  readonly user: string
  readonly view: View
}

/** Closes the topmost modal. The app is told only if the view requests it. */
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

/** The values that a person fills in, by action_id. An empty text clears a value. */
type Filled = Readonly<Record<string, string | readonly string[]>>

/** Returns the state of a submitted view. Throws CannotAct if a required input is empty. */
function viewValues(view: View, filled: Filled): ViewValues {
  const blocks = view.content.blocks as readonly KnownBlock[] // validated when it was opened
  const inputs = blocks.filter((block) => block.type === 'input')
  return Object.fromEntries(
    inputs.map((input) => {
      const elements = usableElements(input).map((element) => {
        const value = filled[element.actionId] ?? element.fields.initial_value
        const isEmpty = value === undefined || value === ''
        if (isEmpty && !input.optional)
          throw new CannotAct('required-input', `${element.actionId} is empty, and it is not optional`)
        const chosen = isEmpty ? { value: null } : chosenOf(element, value as string | readonly string[]) // of an input
        return [element.actionId, { type: element.type, ...chosen }] as const
      })
      return [input.block_id ?? '', Object.fromEntries(elements)] as const
    }),
  )
}
