import type { ComponentChild } from 'preact'
import type { SceneChannel } from '../../scene.ts'
import { Avatar, Icon } from '../elements/icon.tsx'
import type { Unread } from '../state/attention.ts'
import { useDesk } from '../state/desk.ts'
import { channelName } from './channel.tsx'

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
  const list = (of: readonly SceneChannel[]): ComponentChild => (
    <ul>
      {of.map((channel) => (
        <Entry
          key={channel.id}
          channel={channel}
          isCurrent={channel.id === current}
          unread={unread.get(channel.id)}
          onOpen={onOpen}
        />
      ))}
    </ul>
  )
  const direct = all.filter(isDirect)
  const { realName = '' } = users.get(viewer) ?? {}
  return (
    <nav class="sidebar" aria-label="Channels">
      <div class="sidebar-team">{team.name}</div>
      <div class="sidebar-lists">
        <h2>Channels</h2>
        {list(all.filter((channel) => !isDirect(channel)))}
        {direct.length > 0 && <h2>Direct messages</h2>}
        {direct.length > 0 && list(direct)}
      </div>
      <div class="sidebar-viewer">
        <Avatar user={viewer} size="medium" />
        <span>
          {'You are '}
          <b>{realName}</b>
        </span>
      </div>
    </nav>
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
  return (
    <li>
      <button type="button" class={hasNew ? 'unread' : ''} aria-current={isCurrent ? 'page' : undefined} onClick={open}>
        {kind === 'dm' || kind === 'mpim' ? (
          <Avatar user={partner} size="small" />
        ) : (
          <Icon name={kind === 'private' ? 'lock' : 'hash'} />
        )}
        <span class="entry-name">{channelName(channel, desk)}</span>
        {hasNew && <span class="unseen">, new messages</span>}
        {calls > 0 && (
          <span class="badge" role="img" aria-label={`${calls} mentions of you`}>
            {calls}
          </span>
        )}
      </button>
    </li>
  )
}
