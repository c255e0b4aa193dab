import { type ComponentChild, h } from 'preact'
import { Avatar } from '../parts/avatar.ts'
import { Icon } from '../parts/icon.ts'
import { useDesk } from '../state/desk.ts'
import { useNow } from '../state/use-now.ts'
import { formatDate } from '../text/format-date.ts'
import type { Replies } from './replies-by-root.ts'

interface Props {
  /** Its ts. */
  readonly root: string
  readonly channel: string
  readonly replies: Replies
}

/** Below a root: how many replied, and the way into the thread. */
export function ReplyCount({ root, channel, replies }: Props): ComponentChild {
  const { go } = useDesk()
  const now = useNow()
  const { count, users, latest } = replies
  const last = formatDate(Number(latest), '{date_short_pretty} at {time}', { now })
  return h(
    'button',
    { type: 'button', class: 'reply-count', 'data-thread': root, onClick: () => go({ channel, thread: root }) },
    users.slice(0, 4).map((user) => h(Avatar, { key: user, user, size: 'small' })),
    h('b', null, count === 1 ? '1 reply' : `${count} replies`),
    h('span', { class: 'reply-last' }, `Last reply ${last}`),
    h('span', { class: 'reply-view', 'aria-hidden': 'true' }, 'View thread'),
    h(Icon, { name: 'chevron' }),
  )
}
