import { type ComponentChild, type ComponentChildren, h } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Act } from '../../act.ts'
import type { Scene, SceneChannel } from '../../scene.ts'
import { itemsOf } from '../messages/items-of.ts'
import { MessageList } from '../messages/message-list.ts'
import type { Notice } from '../messages/notice.ts'
import { repliesByRoot } from '../messages/replies-by-root.ts'
import { Icon } from '../parts/icon.ts'
import { type Desk, useDesk } from '../state/desk.ts'
import type { Drafts } from '../state/use-drafts.ts'
import { channelName } from './channel-name.ts'
import { Composer } from './composer.ts'

interface Props {
  readonly scene: Scene
  readonly channel: SceneChannel
  readonly notices: readonly Notice[]
  readonly marked?: string | undefined
  readonly drafts: Drafts
  /** Grows when something is put into the composer. */
  readonly orders: number
  /** What to try, where it is not shown beside. */
  readonly chips?: ComponentChildren
  onSend(act: Act): void
  /** On a phone: to the list of channels. */
  onBack(): void
}

/** A channel: who is in it, what was written, and the box to write into. */
export function ChannelPane({
  scene,
  channel,
  notices,
  marked,
  drafts,
  orders,
  chips,
  onSend,
  onBack,
}: Props): ComponentChild {
  const desk = useDesk()
  const { id, isArchived } = channel
  const { items, replies } = useListed(scene, id, notices)
  const name = shownName(channel, desk)
  return h(
    'main',
    { class: 'pane channel-pane', 'aria-label': name },
    h(Head, { channel, onBack }),
    h(MessageList, { key: id, label: name, items, replies, marked, in: 'channel', head: h(Beginning, { channel }) }),
    chips,
    isArchived
      ? h('div', { class: 'composer archived' }, `${name} is archived. Nobody can write here any more.`)
      : h(Composer, { key: `${id} ${orders}`, channel: id, label: `Message ${name}`, drafts, onSend }),
  )
}

function useListed({ messages, ephemerals }: Scene, id: string, notices: readonly Notice[]) {
  const here = useMemo(() => messages.filter(({ channel }) => channel === id), [messages, id])
  const replies = useMemo(() => repliesByRoot(here), [here])
  const items = useMemo(
    () =>
      itemsOf({
        messages: here.filter(({ threadTs, subtype }) => !threadTs || subtype === 'thread_broadcast'),
        ephemerals: ephemerals.filter(({ channel, threadTs }) => channel === id && !threadTs),
        notices: notices.filter(({ channel, thread }) => channel === id && !thread),
        replies,
      }),
    [here, replies, ephemerals, notices, id],
  )
  return { items, replies }
}

function shownName(channel: SceneChannel, desk: Desk): string {
  const isNamed = channel.kind === 'public' || channel.kind === 'private'
  return `${isNamed ? '#' : ''}${channelName(channel, desk)}`
}

function Head({ channel, onBack }: { readonly channel: SceneChannel; onBack(): void }): ComponentChild {
  const desk = useDesk()
  const { kind, members, isExtShared } = channel
  return h(
    'header',
    { class: 'pane-head' },
    h(
      'button',
      { type: 'button', class: 'icon-button only-phone', 'aria-label': 'Channels', onClick: onBack },
      h(Icon, { name: 'back' }),
    ),
    (kind === 'public' || kind === 'private') && h(Icon, { name: kind === 'private' ? 'lock' : 'hash' }),
    h('h1', null, channelName(channel, desk)),
    isExtShared && h('span', { class: 'tag' }, 'shared with another organisation'),
    h('span', { class: 'members', title: `${members.length} members` }, h(Icon, { name: 'person' }), members.length),
  )
}

/** Above the first message. */
function Beginning({ channel }: { readonly channel: SceneChannel }): ComponentChild {
  const desk = useDesk()
  const isMember = channel.members.includes(desk.bot.userId)
  const words = isMember
    ? `This is where ${shownName(channel, desk)} begins. Type /${desk.bot.name} and a pod that cannot pull its image.`
    : `${desk.bot.name} is not in ${shownName(channel, desk)} yet. Type /invite @${desk.bot.name} to let it post here.`
  return h('div', { class: 'beginning' }, h('h2', null, shownName(channel, desk)), h('p', null, words))
}
