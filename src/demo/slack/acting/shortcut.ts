import { messageJson } from '../workspace/message-json.ts'
import type { Message } from '../workspace/records.ts'
import type { AppAnswer } from './app-answer.ts'
import { CannotAct } from './cannot-act.ts'
import type { Sending } from './http-post.ts'
import { interactionParts } from './interaction-parts.ts'
import { present } from './present.ts'
import { shownMessage } from './shown-message.ts'
import type { Stage } from './stage.ts'

export interface ShortcutAct {
  readonly user: string
  readonly message: Message
  readonly callbackId: string
}

/** A person chooses the app's shortcut in the menu of a message. https://docs.slack.dev/interactivity/implementing-shortcuts */
export async function shortcut({ platform, courier }: Stage, act: ShortcutAct, sending?: Sending): Promise<AppAnswer> {
  const { workspace, responseUrls, ids, scopes } = platform
  const { user, channel } = present(platform, { user: act.user, channel: act.message.channel })
  const message = shownMessage(platform, act.message)
  if (!scopes.has('commands')) throw new CannotAct('missing-scope', 'the app has no `commands`')
  const payload = {
    type: 'message_action',
    ...interactionParts(platform, user),
    action_ts: ids.ts(),
    callback_id: act.callbackId,
    channel: { id: channel.id, name: channel.name },
    message_ts: message.ts,
    message: messageJson(message, workspace),
    response_url: responseUrls.issue({ of: 'actions', channel: channel.id, user: user.id, original: message }),
  }
  return courier.deliver('interactive', payload, sending)
}
