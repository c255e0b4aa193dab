import type { ComponentChild, RefObject } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Message } from '../../../../simulator/slack/workspace/records.ts'
import type { Act } from '../../acts.ts'
import type { Scene, SceneChannel } from '../../scene.ts'
import { Icon } from '../elements/icon.tsx'
import { itemsOf } from '../messages/items.ts'
import { MessageList } from '../messages/list.tsx'
import { MessageRow } from '../messages/row.tsx'
import { useDesk } from '../state/desk.ts'
import type { Notice } from '../state/notices.ts'
import type { Drafts } from '../state/scene.ts'
import { useMedia } from '../state/theme.ts'
import { channelName } from './channel.tsx'
import { Composer, StatusLine } from './composer.tsx'

interface Props {
  readonly scene: Scene
  readonly channel: SceneChannel
  /** The ts of its root. */
  readonly thread: string
  readonly notices: readonly Notice[]
  readonly marked?: string | undefined
  readonly drafts: Drafts
  onSend(act: Act): void
  onClose(): void
}

/** A thread, beside its channel; on a phone it covers everything. Escape closes it. */
export function ThreadPane(props: Props): ComponentChild {
  const { scene, channel, thread, notices, marked, drafts, onSend, onClose } = props
  const pane = usePaneFocus(thread)
  const { root, items, count } = useListed(scene, channel.id, thread, notices)
  const status = scene.statuses.find((each) => each.channel === channel.id && each.threadTs === thread)
  const foot = status && <StatusLine status={status} />
  const closing = { onKeyDown: (event: KeyboardEvent) => isEscape(event) && onClose() }
  return (
    <aside ref={pane} class="pane thread-pane" aria-label="Thread" tabIndex={-1} data-focus-home="" {...closing}>
      <Head channel={channel} onClose={onClose} />
      <MessageList
        key={thread}
        label="Thread"
        items={items}
        marked={marked}
        in="thread"
        head={rootRows(root, count, marked)}
        foot={foot}
      />
      {root && !root.isLocked && !channel.isArchived ? (
        <Composer key={thread} channel={channel.id} thread={thread} label="Reply…" drafts={drafts} onSend={onSend} />
      ) : (
        <div class="composer archived">Nobody can reply here any more.</div>
      )}
    </aside>
  )
}

/** Focuses a thread when it is opened, unless the viewer is typing in the channel. */
function usePaneFocus(thread: string): RefObject<HTMLElement> {
  const pane = useRef<HTMLElement>(null)
  const coversChannel = useMedia('(width < 1040px)')
  useEffect(() => {
    if (coversChannel || document.activeElement?.closest('.message, .message-list')) pane.current?.focus()
  }, [thread, coversChannel])
  return pane
}

function rootRows(root: Message | undefined, count: number, marked: string | undefined): ComponentChild {
  if (!root) return <p class="beginning">This message is not here any more.</p>
  const words = count === 1 ? '1 reply' : `${count} replies`
  return (
    <>
      <MessageRow message={root} isContinued={false} isMarked={marked === root.ts} in="thread" />
      {count > 0 && (
        <div class="reply-line" role="separator">
          <span>{words}</span>
        </div>
      )}
    </>
  )
}

/** Whether Escape was pressed in the pane, and not in a dialog above it. */
function isEscape({ key, target }: KeyboardEvent): boolean {
  return key === 'Escape' && target instanceof Element && !target.closest('dialog, [popover]')
}

function useListed({ messages, ephemerals }: Scene, channel: string, thread: string, notices: readonly Notice[]) {
  return useMemo(() => {
    const here = messages.filter((message) => message.channel === channel && message.threadTs === thread)
    const items = itemsOf({
      messages: here,
      ephemerals: ephemerals.filter((each) => each.channel === channel && each.threadTs === thread),
      notices: notices.filter((notice) => notice.channel === channel && notice.thread === thread),
    })
    const root = messages.find((message) => message.channel === channel && message.ts === thread)
    return { root, items: items.filter((item, index) => item.kind !== 'day' || index > 0), count: here.length }
  }, [messages, ephemerals, notices, channel, thread])
}

function Head({ channel, onClose }: { readonly channel: SceneChannel; onClose(): void }): ComponentChild {
  const desk = useDesk()
  const prefix = channel.kind === 'public' || channel.kind === 'private' ? '#' : ''
  const close = { type: 'button', onClick: onClose } as const
  return (
    <header class="pane-head">
      <button {...close} class="icon-button only-phone" aria-label="Back to the channel">
        <Icon name="back" />
      </button>
      <h1>Thread</h1>
      <span class="pane-place">{`${prefix}${channelName(channel, desk)}`}</span>
      <button {...close} class="icon-button not-phone" aria-label="Close the thread" title="Close (Esc)">
        <Icon name="close" />
      </button>
    </header>
  )
}
