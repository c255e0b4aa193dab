import { type ComponentChild, type ComponentChildren, h } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Message } from '../../../slack/workspace/records.ts'
import { Attachment } from '../blocks/attachment.ts'
import { Blocks } from '../blocks/blocks.ts'
import { Avatar } from '../parts/avatar.ts'
import { Icon } from '../parts/icon.ts'
import { PlaceContext, useDesk } from '../state/desk.ts'
import { Mrkdwn } from '../text/mrkdwn.ts'
import { MessageTime } from './message-time.ts'
import { MessageTools } from './message-tools.ts'
import { Reactions } from './reactions.ts'
import type { Replies } from './replies-by-root.ts'
import { ReplyCount } from './reply-count.ts'
import { useActive } from './use-active.ts'

interface Props {
  readonly message: Message
  /** It follows one of the same author. */
  readonly isContinued: boolean
  /** A link led to it. */
  readonly isMarked: boolean
  /** In a channel: of its thread. */
  readonly replies?: Replies | undefined
  readonly in: 'channel' | 'thread'
}

/** A message of a person or an app. */
export function MessageRow({ message, isContinued, isMarked, replies, in: where }: Props): ComponentChild {
  const { ts, subtype, channel, threadTs } = message
  const [isActive, watch] = useActive()
  // Drawn anew only when it changed: in a long thread most did not.
  const content = useMemo(() => h(Content, { message }), [message])
  const kind = `message ${isContinued ? 'continued' : ''} ${isMarked ? 'marked' : ''} ${subtype ?? ''}`
  return h(
    'article',
    {
      class: kind,
      id: `${where}-${ts}`,
      tabIndex: -1,
      'data-focus-home': '',
      ...watch,
      'aria-labelledby': `${where}-author-${ts}`,
    },
    h(
      'div',
      { class: 'message-side' },
      isContinued ? h(MessageTime, { message, isShort: true }) : h(Portrait, { message }),
    ),
    h(
      'div',
      { class: 'message-main' },
      h(Head, { message, id: `${where}-author-${ts}`, isHidden: isContinued }),
      subtype === 'thread_broadcast' &&
        where === 'channel' &&
        h('div', { class: 'broadcast-line' }, 'replied to a thread'),
      content,
      h(Reactions, { message }),
      replies && h(ReplyCount, { root: ts, channel, replies }),
    ),
    subtype !== 'tombstone' && isActive && h(MessageTools, { message, root: threadTs ?? ts, in: where }),
  )
}

function Portrait({ message }: { readonly message: Message }): ComponentChild {
  if (message.subtype === 'tombstone')
    return h('span', { class: 'avatar avatar-large gone' }, h(Icon, { name: 'trash' }))
  return h(Avatar, { user: message.user, size: 'large' })
}

function Head({
  message,
  id,
  isHidden,
}: {
  readonly message: Message
  readonly id: string
  readonly isHidden: boolean
}): ComponentChild {
  const { users } = useDesk()
  const { user, botId, username, subtype } = message
  const { realName, name = user } = users.get(user) ?? {}
  const author = username ?? (realName || name)
  return h(
    'div',
    { class: `message-head ${isHidden ? 'unseen' : ''}` },
    h('span', { class: 'author', id }, subtype === 'tombstone' ? 'Deleted message' : author),
    botId && h('span', { class: 'app-badge' }, 'APP'),
    !isHidden && h(MessageTime, { message }),
  )
}

function Content({ message }: { readonly message: Message }): ComponentChild {
  const { text, blocks, attachments, edited, channel, ts } = message
  const place = { in: 'message', channel, ts } as const
  return h(
    PlaceContext.Provider,
    { value: place },
    h(MessageBody, null, blocks.length > 0 ? h(Blocks, { blocks }) : text && h(Mrkdwn, { text })),
    attachments.map((attachment, index) => h(Attachment, { key: index, attachment })),
    edited && h('span', { class: 'edited' }, '(edited)'),
  )
}

function MessageBody({ children }: { readonly children?: ComponentChildren }): ComponentChild {
  return h('div', { class: 'message-body' }, children)
}
