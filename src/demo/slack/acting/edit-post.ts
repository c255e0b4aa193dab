import type { Message } from '../workspace/records.ts'
import { CannotAct } from './cannot-act.ts'
import type { Written } from './mention.ts'
import { changedEvent } from './message-event.ts'
import { present } from './present.ts'
import { shownMessage } from './shown-message.ts'
import type { Stage } from './stage.ts'
import { tellApp } from './tell-app.ts'
import { typedText } from './typed-text.ts'

export interface EditAct {
  readonly user: string
  readonly message: Message
  readonly text: string
}

/** A person edits their own message. https://docs.slack.dev/reference/events/message/message_changed */
export async function editPost(stage: Stage, act: EditAct): Promise<Written> {
  const { workspace, ids } = stage.platform
  const { user, channel } = present(stage.platform, { user: act.user, channel: act.message.channel })
  const before = shownMessage(stage.platform, act.message)
  if (before.user !== user.id) throw new CannotAct('not-own-message', `${user.id} did not write ${before.ts}`)
  const message: Message = {
    ...before,
    ...workspace.contentOf({ text: typedText(act.text) }),
    edits: before.edits + 1,
    edited: { user: user.id, ts: ids.ts() },
  }
  workspace.putMessage(message)
  const answer = await tellApp(stage, channel, changedEvent(stage.platform, channel, message, before))
  return { ...answer, message }
}
