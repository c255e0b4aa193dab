import { z } from 'zod'
import type { AppAnswer } from '../slack/acting/app-answer.ts'
import { CannotAct } from '../slack/acting/cannot-act.ts'
import type { PressPlace } from '../slack/acting/press.ts'
import type { LocalSlack } from '../slack/local-slack.ts'
import type { Message, View } from '../slack/workspace/records.ts'
import type { Act, Place } from './act.ts'
import type { Extras } from './create-extras.ts'
import type { Outcome } from './outcome.ts'

interface Parts {
  readonly slack: LocalSlack
  readonly viewer: string
  readonly extras: Extras
}

/** Does in the local Slack what the viewer did in the browser. */
export async function perform(parts: Parts, act: Act): Promise<Outcome> {
  try {
    return act.act === 'run' ? parts.extras.run(act.extra) : outcomeOf(await doIt(parts, act))
  } catch (error) {
    if (!(error instanceof CannotAct)) throw error
    if (error.code === 'app-not-connected') return { kind: 'failed', error: 'dispatch_failed' }
    return { kind: 'cannot', says: error.message }
  }
}

function doIt({ slack, viewer: user }: Parts, act: Exclude<Act, { act: 'run' }>): Promise<AppAnswer> {
  switch (act.act) {
    case 'command':
      return slack.command({ user, channel: act.channel, command: act.command, text: act.text })
    case 'mention':
    case 'post': {
      const { channel, text, thread } = act
      return slack[act.act]({ user, channel, text, ...(thread && { thread }) })
    }
    case 'press': {
      const { actionId, blockId, value, confirmed } = act
      const place = pressPlace(slack, user, act.place)
      return slack.press({ ...place, user, actionId, blockId, confirmed, ...(value !== undefined && { value }) })
    }
    case 'submit':
      return slack.submitView({ user, view: viewOf(slack, user, act.view), values: act.values })
    case 'close':
      return slack.closeView({ user, view: viewOf(slack, user, act.view) })
    case 'shortcut':
      return slack.shortcut({ user, message: messageOf(slack, act), callbackId: act.callbackId })
    case 'react':
      return slack.react({ user, message: messageOf(slack, act), name: act.name })
    case 'invite':
      return slack.inviteBot({ user, channel: act.channel })
  }
}

function pressPlace(slack: LocalSlack, user: string, place: Place): PressPlace {
  if (place.in === 'view') return { view: viewOf(slack, user, place.id) }
  if (place.in === 'message') return { message: messageOf(slack, place) }
  const ephemeral = slack.ephemerals(user).find(({ channel, ts }) => channel === place.channel && ts === place.ts)
  if (ephemeral) return { ephemeral }
  throw new CannotAct('no-such-message', 'This message is gone.')
}

function messageOf(slack: LocalSlack, { channel, ts }: Pick<Message, 'channel' | 'ts'>): Message {
  const message = slack.message(channel, ts)
  if (message) return message
  throw new CannotAct('no-such-message', 'This message is gone.')
}

function viewOf(slack: LocalSlack, user: string, id: string): View {
  const view = slack.views(user).find((each) => each.id === id)
  if (view) return view
  throw new CannotAct('no-such-view', 'This dialog is gone.')
}

const errorsSchema = z.object({
  response_action: z.literal('errors'),
  errors: z.record(z.string(), z.string()),
})

function outcomeOf(answer: AppAnswer & { readonly message?: Message }): Outcome {
  const { status, body, refused, message } = answer
  if (status === 'timeout') return { kind: 'failed', error: 'operation_timeout' }
  if (status !== 200 && status !== 'not-sent') return { kind: 'failed', error: 'dispatch_failed' }
  if (refused !== undefined) return { kind: 'failed', error: refused }
  const view = errorsSchema.safeParse(body)
  if (view.success) return { kind: 'errors', errors: view.data.errors }
  return { kind: 'done', ...(message && { ts: message.ts }) }
}
