import { type ComponentChild, h } from 'preact'
import type { SceneChannel } from '../../scene.ts'
import { Avatar } from '../parts/avatar.ts'
import { Icon } from '../parts/icon.ts'
import { useDesk } from '../state/desk.ts'
import type { Unread } from '../state/use-unread.ts'
import { channelName } from './channel-name.ts'

interface Props {
  readonly current: string
  readonly unread: ReadonlyMap<string, Unread>
  /** A channel was chosen. */
  onOpen(): void
}

/** The workspace, with its channels and direct messages. */
export function Sidebar({ current, unread, onOpen }: Props): ComponentChild {
  const { team, channels, users, viewer } = useDesk()
  const all = [...channels.values()].filter(({ isArchived, id }) => !isArchived || id === current)
  const isDirect = ({ kind }: SceneChannel): boolean => kind === 'dm' || kind === 'mpim'
  const list = (of: readonly SceneChannel[]): ComponentChild =>
    h(
      'ul',
      null,
      of.map((channel) =>
        h(Entry, {
          key: channel.id,
          channel,
          isCurrent: channel.id === current,
          unread: unread.get(channel.id),
          onOpen,
        }),
      ),
    )
  const direct = all.filter(isDirect)
  const { realName = '' } = users.get(viewer) ?? {}
  return h(
    'nav',
    { class: 'sidebar', 'aria-label': 'Channels' },
    h('div', { class: 'sidebar-team' }, team.name),
    h(
      'div',
      { class: 'sidebar-lists' },
      h('h2', null, 'Channels'),
      list(all.filter((channel) => !isDirect(channel))),
      direct.length > 0 && h('h2', null, 'Direct messages'),
      direct.length > 0 && list(direct),
    ),
    h(
      'div',
      { class: 'sidebar-viewer' },
      h(Avatar, { user: viewer, size: 'medium' }),
      h('span', null, 'You are ', h('b', null, realName)),
    ),
  )
}

interface EntryProps {
  readonly channel: SceneChannel
  readonly isCurrent: boolean
  readonly unread: Unread | undefined
  onOpen(): void
}

function Entry({ channel, isCurrent, unread, onOpen }: EntryProps): ComponentChild {
  const desk = useDesk()
  const { id, kind, members } = channel
  const { hasNew = false, calls = 0 } = unread ?? {}
  const partner = members.find((member) => member !== desk.viewer)
  const open = (): void => {
    desk.go({ channel: id })
    onOpen()
  }
  return h(
    'li',
    null,
    h(
      'button',
      { type: 'button', class: hasNew ? 'unread' : '', 'aria-current': isCurrent ? 'page' : undefined, onClick: open },
      kind === 'dm' || kind === 'mpim'
        ? h(Avatar, { user: partner, size: 'small' })
        : h(Icon, { name: kind === 'private' ? 'lock' : 'hash' }),
      h('span', { class: 'entry-name' }, channelName(channel, desk)),
      hasNew && h('span', { class: 'unseen' }, ', new messages'),
      calls > 0 && h('span', { class: 'badge', 'aria-label': `${calls} mentions of you` }, calls),
    ),
  )
}
