import type { ComponentChild, ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Message } from '../../../../simulator/slack/workspace/records.ts'
import { Attachment } from '../blocks/attachment.tsx'
import { Blocks } from '../blocks/blocks.tsx'
import { Avatar, Icon } from '../elements/icon.tsx'
import { useNow } from '../state/attention.ts'
import { PlaceContext, useDesk } from '../state/desk.ts'
import { pathOf } from '../state/route.ts'
import { Emoji } from '../text/emoji.tsx'
import { formatDate } from '../text/format-date.ts'
import { Mrkdwn } from '../text/mrkdwn.tsx'
import type { Replies } from './items.ts'
import { MessageTools, useActive } from './tools.tsx'

interface MessageRowProps {
  readonly message: Message
  /** The message follows one of the same author. */
  readonly isContinued: boolean
  /** A link led to it. */
  readonly isMarked: boolean
  /** In a channel: the summary of its thread. */
  readonly replies?: Replies | undefined
  readonly in: 'channel' | 'thread'
}

/** A message of a person or an app. */
export function MessageRow({ message, isContinued, isMarked, replies, in: where }: MessageRowProps): ComponentChild {
  const { ts, subtype, channel, threadTs } = message
  const [isActive, watch] = useActive()
  // Drawn anew only when it changed: in a long thread most did not.
  const content = useMemo(() => <Content message={message} />, [message])
  const kind = `message ${isContinued ? 'continued' : ''} ${isMarked ? 'marked' : ''} ${subtype ?? ''}`
  return (
    <article
      class={kind}
      id={`${where}-${ts}`}
      tabIndex={-1}
      data-focus-home=""
      {...watch}
      aria-labelledby={`${where}-author-${ts}`}
    >
      <div class="message-side">
        {isContinued ? <MessageTime message={message} isShort /> : <Portrait message={message} />}
      </div>
      <div class="message-main">
        <Head message={message} id={`${where}-author-${ts}`} isHidden={isContinued} />
        {subtype === 'thread_broadcast' && where === 'channel' && <div class="broadcast-line">replied to a thread</div>}
        {content}
        <Reactions message={message} />
        {replies && <ReplyCount root={ts} channel={channel} replies={replies} />}
      </div>
      {subtype !== 'tombstone' && isActive && <MessageTools message={message} root={threadTs ?? ts} in={where} />}
    </article>
  )
}

function Portrait({ message }: { readonly message: Message }): ComponentChild {
  if (message.subtype === 'tombstone')
    return (
      <span class="avatar avatar-large gone">
        <Icon name="trash" />
      </span>
    )
  return <Avatar user={message.user} size="large" />
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
  return (
    <div class={`message-head ${isHidden ? 'unseen' : ''}`}>
      <span class="author" id={id}>
        {subtype === 'tombstone' ? 'Deleted message' : author}
      </span>
      {botId && <span class="app-badge">APP</span>}
      {!isHidden && <MessageTime message={message} />}
    </div>
  )
}

function Content({ message }: { readonly message: Message }): ComponentChild {
  const { text, blocks, attachments, edited, channel, ts } = message
  const place = { in: 'message', channel, ts } as const
  return (
    <PlaceContext.Provider value={place}>
      <MessageBody>{blocks.length > 0 ? <Blocks blocks={blocks} /> : text && <Mrkdwn text={text} />}</MessageBody>
      {attachments.map((attachment, index) => (
        <Attachment key={index} attachment={attachment} />
      ))}
      {edited && <span class="edited">(edited)</span>}
    </PlaceContext.Provider>
  )
}

function MessageBody({ children }: { readonly children?: ComponentChildren }): ComponentChild {
  return <div class="message-body">{children}</div>
}

interface MessageTimeProps {
  readonly message: Pick<Message, 'channel' | 'ts' | 'threadTs'>
  /** Without AM and PM, for the margin. */
  readonly isShort?: boolean
}

/** The time of a message, as a permalink. */
function MessageTime({ message, isShort = false }: MessageTimeProps): ComponentChild {
  const { go } = useDesk()
  const { channel, ts, threadTs } = message
  const at = Number(ts)
  const shown = formatDate(at, '{time}', { now: Date.now() })
  const title = formatDate(at, '{date_long} at {time_secs}', { now: Date.now() })
  const route = { channel, thread: threadTs ?? ts, message: ts }
  function open(event: MouseEvent): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    go(route)
  }
  return (
    <a class="message-time" href={pathOf(route)} title={title} onClick={open}>
      <time dateTime={new Date(at * 1_000).toISOString()}>{isShort ? shown.replace(/\s?[AP]M$/, '') : shown}</time>
    </a>
  )
}

function Reactions({ message }: { readonly message: Message }): ComponentChild {
  const { viewer, users, act } = useDesk()
  const { reactions, channel, ts } = message
  if (reactions.length === 0) return null
  const shown = reactions.map(({ name, users: by }) => {
    const people = by.map((id) => users.get(id)?.name ?? id).join(', ')
    const isMine = by.includes(viewer)
    const press = (): unknown => !isMine && act({ act: 'react', channel, ts, name })
    const words = `${name.replaceAll('_', ' ')}, ${by.length}: ${people}`
    const button = { key: name, type: 'button', class: 'reaction', title: people, onClick: press } as const
    return (
      <button {...button} aria-label={words} aria-pressed={isMine}>
        <Emoji name={name} />
        <span>{by.length}</span>
      </button>
    )
  })
  return <div class="reactions">{shown}</div>
}

interface ReplyCountProps {
  /** Its ts. */
  readonly root: string
  readonly channel: string
  readonly replies: Replies
}

/** The number of replies below a root, which opens the thread. */
function ReplyCount({ root, channel, replies }: ReplyCountProps): ComponentChild {
  const { go } = useDesk()
  const now = useNow()
  const { count, users, latest } = replies
  const last = formatDate(Number(latest), '{date_short_pretty} at {time}', { now })
  return (
    <button type="button" class="reply-count" data-thread={root} onClick={() => go({ channel, thread: root })}>
      {users.slice(0, 4).map((user) => (
        <Avatar key={user} user={user} size="small" />
      ))}
      <b>{count === 1 ? '1 reply' : `${count} replies`}</b>
      <span class="reply-last">{`Last reply ${last}`}</span>
      <span class="reply-view" aria-hidden="true">
        View thread
      </span>
      <Icon name="chevron" />
    </button>
  )
}
