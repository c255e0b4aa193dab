import type { ComponentChild, ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Act } from '../../acts.ts'
import type { Scene, SceneChannel } from '../../scene.ts'
import { Icon } from '../elements/icon.tsx'
import { itemsOf, repliesByRoot } from '../messages/items.ts'
import { MessageList } from '../messages/list.tsx'
import { type Desk, useDesk } from '../state/desk.ts'
import type { Notice } from '../state/notices.ts'
import type { Drafts } from '../state/scene.ts'
import { Composer } from './composer.tsx'

interface Props {
  readonly scene: Scene
  readonly channel: SceneChannel
  readonly notices: readonly Notice[]
  readonly marked?: string | undefined
  readonly drafts: Drafts
  /** Increases with each text that is put into the composer. */
  readonly orders: number
  /** Suggestions, if the guide is not shown beside the channel. */
  readonly chips?: ComponentChildren
  onSend(act: Act): void
  /** On a phone: to the list of channels. */
  onBack(): void
}

/** A channel: its members, its messages and its composer. */
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
  return (
    <main class="pane channel-pane" aria-label={name}>
      <Head channel={channel} onBack={onBack} />
      <MessageList
        key={id}
        label={name}
        items={items}
        replies={replies}
        marked={marked}
        in="channel"
        head={<Beginning channel={channel} />}
      />
      {chips}
      {isArchived ? (
        <div class="composer archived">{`${name} is archived. Nobody can write here any more.`}</div>
      ) : (
        <Composer key={`${id} ${orders}`} channel={id} label={`Message ${name}`} drafts={drafts} onSend={onSend} />
      )}
    </main>
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
  return (
    <header class="pane-head">
      <button type="button" class="icon-button only-phone" aria-label="Channels" onClick={onBack}>
        <Icon name="back" />
      </button>
      {(kind === 'public' || kind === 'private') && <Icon name={kind === 'private' ? 'lock' : 'hash'} />}
      <h1>{channelName(channel, desk)}</h1>
      {isExtShared && <span class="tag">shared with another organisation</span>}
      <span class="members" title={`${members.length} members`}>
        <Icon name="person" />
        {members.length}
      </span>
    </header>
  )
}

/** Above the first message. */
function Beginning({ channel }: { readonly channel: SceneChannel }): ComponentChild {
  const desk = useDesk()
  const isMember = channel.members.includes(desk.bot.userId)
  const words = isMember
    ? `This is where ${shownName(channel, desk)} begins. Type /${desk.bot.name} and a pod that cannot pull its image.`
    : `${desk.bot.name} is not in ${shownName(channel, desk)} yet. Type /invite @${desk.bot.name} to let it post here.`
  return (
    <div class="beginning">
      <h2>{shownName(channel, desk)}</h2>
      <p>{words}</p>
    </div>
  )
}

/** Returns a channel's name, or the other members of a direct message. */
export function channelName({ kind, name, members }: SceneChannel, { users, viewer }: Desk): string {
  if (kind === 'public' || kind === 'private') return name
  const others = members.filter((member) => member !== viewer)
  return others.map((id) => users.get(id)?.realName ?? id).join(', ')
}
