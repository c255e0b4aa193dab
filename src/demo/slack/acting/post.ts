import type { MessageAttachment } from '@slack/types'
import type { Platform } from '../platform.ts'
import type { NewMessage } from '../post-message.ts'
import type { Channel } from '../workspace/records.ts'
import { CannotAct } from './cannot-act.ts'
import type { Sending } from './http-post.ts'
import type { Written } from './mention.ts'
import { messageEvent } from './message-event.ts'
import { present } from './present.ts'
import type { Stage } from './stage.ts'
import { tellApp } from './tell-app.ts'
import { typedText } from './typed-text.ts'
import { write } from './write.ts'

interface Shown {
  readonly channel: string
  readonly text?: string
  readonly blocks?: readonly unknown[]
  readonly attachments?: readonly MessageAttachment[]
  /** The ts of a root. */
  readonly thread?: string
}

/** A person types `text`; a bot, named by its own id, sends it as mrkdwn. */
export type PostAct = (Shown & { readonly user: string }) | (Shown & { readonly bot: string })

/** A person, or another bot, writes a message. */
export async function post(stage: Stage, act: PostAct, sending?: Sending): Promise<Written> {
  const { platform } = stage
  const { channel, author } = 'user' in act ? person(platform, act) : otherBot(platform, act)
  const { text = '', blocks, attachments, thread } = act
  const draft = {
    text: 'user' in act ? typedText(text) : text,
    ...(blocks && { blocks }),
    ...(attachments && { attachments }),
  }
  const message = write(platform, { channel: channel.id, ...author, draft, ...(thread && { threadTs: thread }) })
  const answer = await tellApp(stage, channel, messageEvent(platform, channel, message), sending)
  return { ...answer, message }
}

interface Author {
  readonly channel: Channel
  readonly author: Pick<NewMessage, 'user' | 'botId' | 'subtype'>
}

function person(platform: Platform, act: { readonly user: string; readonly channel: string }): Author {
  const { user, channel } = present(platform, act)
  return { channel, author: { user: user.id } }
}

function otherBot(platform: Platform, act: { readonly bot: string; readonly channel: string }): Author {
  const bot = platform.workspace.bots.get(act.bot)
  if (!bot) throw new CannotAct('no-such-user', `there is no bot ${act.bot}`)
  const { channel } = present(platform, { user: bot.userId, channel: act.channel })
  return { channel, author: { user: bot.userId, botId: bot.id, subtype: 'bot_message' } }
}
