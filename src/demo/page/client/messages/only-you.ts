import { type ComponentChild, type ComponentChildren, h } from 'preact'
import { Avatar } from '../parts/avatar.ts'
import { Icon } from '../parts/icon.ts'
import { formatDate } from '../text/format-date.ts'

interface Props {
  /** undefined: Slack itself. */
  readonly user?: string
  readonly author: string
  readonly ts: string
  readonly children?: ComponentChildren
}

/** The frame of what nobody else sees. */
export function OnlyYou({ user, author, ts, children }: Props): ComponentChild {
  const time = formatDate(Number(ts), '{time}', { now: Date.now() })
  return h(
    'article',
    { class: 'message only-you', tabIndex: -1, 'data-focus-home': '' },
    h('div', { class: 'only-you-line' }, h(Icon, { name: 'eye' }), 'Only visible to you'),
    h('div', { class: 'message-side' }, h(Avatar, { user, size: 'large' })),
    h(
      'div',
      { class: 'message-main' },
      h(
        'div',
        { class: 'message-head' },
        h('span', { class: 'author' }, author),
        user && h('span', { class: 'app-badge' }, 'APP'),
        h('span', { class: 'message-time' }, time),
      ),
      children,
    ),
  )
}
