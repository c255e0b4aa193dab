import { deleteMessage } from '../delete-message.ts'
import { messageJson } from '../workspace/message-json.ts'
import type { Message } from '../workspace/records.ts'
import type { AppAnswer } from './app-answer.ts'
import { messageEvent } from './message-event.ts'
import { present } from './present.ts'
import { shownMessage } from './shown-message.ts'
import type { Stage } from './stage.ts'
import { tellApp } from './tell-app.ts'

export interface RemoveAct {
  readonly user: string
  readonly message: Message
}

/** A person deletes a message; whose it is does not matter, as for an administrator. */
export async function removePost(stage: Stage, act: RemoveAct): Promise<AppAnswer> {
  const { platform } = stage
  const { channel } = present(platform, { user: act.user, channel: act.message.channel })
  const message = shownMessage(platform, act.message)
  const { channel_type } = messageEvent(platform, channel, message)
  const previous_message = messageJson(message, platform.workspace)
  deleteMessage(platform.workspace, message)
  return tellApp(stage, channel, {
    type: 'message',
    subtype: 'message_deleted',
    previous_message,
    deleted_ts: message.ts,
    channel: channel.id,
    channel_type,
    hidden: true,
    ts: platform.ids.ts(),
  })
}
