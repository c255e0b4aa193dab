import { withReaction } from '../with-reaction.ts'
import type { Message } from '../workspace/records.ts'
import type { AppAnswer } from './app-answer.ts'
import { present } from './present.ts'
import { shownMessage } from './shown-message.ts'
import type { Stage } from './stage.ts'
import { tellApp } from './tell-app.ts'

export interface ReactAct {
  readonly user: string
  readonly message: Message
  /** Without colons. */
  readonly name: string
}

/** A person reacts to a message. https://docs.slack.dev/reference/events/reaction_added */
export async function react(stage: Stage, { name, ...act }: ReactAct): Promise<AppAnswer> {
  const { user, channel } = present(stage.platform, { user: act.user, channel: act.message.channel })
  const message = shownMessage(stage.platform, act.message)
  stage.platform.workspace.putMessage(withReaction(message, name, user.id))
  return tellApp(stage, channel, {
    type: 'reaction_added',
    user: user.id,
    reaction: name,
    item_user: message.user,
    item: { type: 'message', channel: channel.id, ts: message.ts },
  })
}
