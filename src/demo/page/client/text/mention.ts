import { type ComponentChild, h } from 'preact'
import { type Desk, useDesk } from '../state/desk.ts'

interface Props {
  readonly kind: 'user' | 'usergroup' | 'channel' | 'broadcast' | 'team'
  /** Of a broadcast `here`, `channel`, `everyone`. */
  readonly id: string
}

/** Somebody who is called, marked where it is the viewer; or a channel, which opens. */
export function Mention({ kind, id }: Props): ComponentChild {
  const desk = useDesk()
  if (kind === 'channel') return h(ChannelMention, { id })
  const called = isViewer(kind, id, desk) ? 'mention mention-me' : 'mention'
  return h('span', { class: called }, shownName(kind, id, desk))
}

function shownName(kind: Props['kind'], id: string, { users, usergroups, team }: Desk): string {
  if (kind === 'broadcast') return `@${id}`
  if (kind === 'user') return `@${users.get(id)?.name ?? id}`
  if (kind === 'team') return id === team.id ? team.name : id
  return `@${usergroups.get(id)?.handle ?? id}`
}

function isViewer(kind: Props['kind'], id: string, { viewer, usergroups }: Desk): boolean {
  if (kind === 'usergroup') return usergroups.get(id)?.users.includes(viewer) ?? false
  return kind === 'broadcast' || (kind === 'user' && id === viewer)
}

function ChannelMention({ id }: { readonly id: string }): ComponentChild {
  const { channels, go } = useDesk()
  const channel = channels.get(id)
  if (!channel) return h('span', { class: 'mention' }, '#private-channel')
  const open = (): void => go({ channel: id })
  return h('button', { type: 'button', class: 'mention mention-channel', onClick: open }, `#${channel.name}`)
}
