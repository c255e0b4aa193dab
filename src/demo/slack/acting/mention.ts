import type { Message } from '../workspace/records.ts'
import type { AppAnswer } from './app-answer.ts'
import type { Sending } from './http-post.ts'
import { messageEvent } from './message-event.ts'
import { present } from './present.ts'
import type { Stage } from './stage.ts'
import { tellApp } from './tell-app.ts'
import { typedText } from './typed-text.ts'
import { write } from './write.ts'

export interface MentionAct {
  readonly user: string
  readonly channel: string
  /** What follows `@imagepull`. */
  readonly text: string
  /** The ts of a root. */
  readonly thread?: string
}

/** What came of a message that a person wrote. */
export interface Written extends AppAnswer {
  readonly message: Message
}

/** A person calls the app in a message. The answer is that to `app_mention`. https://docs.slack.dev/reference/events/app_mention */
export async function mention(stage: Stage, act: MentionAct, sending?: Sending): Promise<Written> {
  const { platform } = stage
  const { user, channel } = present(platform, act)
  const text = `<@${platform.workspace.bot.userId}> ${typedText(act.text)}`.trim()
  const message = write(platform, {
    channel: channel.id,
    user: user.id,
    draft: { text },
    ...(act.thread && { threadTs: act.thread }),
  })
  const event = messageEvent(platform, channel, message)
  const { channel_type: _, ...called } = event
  const [answer] = await Promise.all([
    tellApp(stage, channel, { ...called, type: 'app_mention' }, sending),
    tellApp(stage, channel, event, sending),
  ])
  return { ...answer, message }
}
