import { z } from 'zod'
import { openView } from '../open-view.ts'
import type { Platform } from '../platform.ts'
import { viewStack } from '../view-stack.ts'
import type { User, View } from '../workspace/records.ts'
import { viewJson } from '../workspace/view-json.ts'
import type { AppAnswer } from './app-answer.ts'
import { CannotAct } from './cannot-act.ts'
import type { Sending } from './http-post.ts'
import { interactionParts } from './interaction-parts.ts'
import { showAnswer } from './show-answer.ts'
import type { Stage } from './stage.ts'
import { type Filled, viewValues } from './view-values.ts'

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

/** A person submits the modal that they see. An empty answer closes it; `errors` leave it as it is. */
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
