import type { ComponentChild } from 'preact'
import { useState } from 'preact/hooks'
import type { Scene, SceneChannel } from '../../scene.ts'
import { useUnread } from '../state/attention.ts'
import { useDesk } from '../state/desk.ts'
import { useNotices } from '../state/notices.ts'
import type { Route } from '../state/route.ts'
import { useSending, useTrying } from '../state/sending.ts'
import { useMedia } from '../state/theme.ts'
import { ChannelPane } from './channel.tsx'
import { GuidePlace, SuggestionChips } from './guide.tsx'
import { Sidebar } from './sidebar.tsx'
import { ThreadPane } from './thread.tsx'

interface Props {
  readonly scene: Scene
  readonly route: Route
  readonly channel: SceneChannel
}

/** The guide and Slack side by side: channels, a channel, a thread. On a phone, only one of them is shown. */
export function Workbench({ scene, route, channel }: Props): ComponentChild {
  const { go, bot } = useDesk()
  const { id } = channel
  const [notices, tell] = useNotices()
  const [isListOpen, setListOpen] = useState(false)
  const isWide = useMedia('(min-width: 1240px)')
  const onSend = useSending(scene, tell)
  const { drafts, orders, ...trying } = useTrying({ channel: id, bot: bot.name, send: onSend })
  const unread = useUnread(scene, id)
  const thread = route.channel === id ? route.thread : undefined
  const place = { scene, channel, notices, marked: route.message, drafts, onSend }
  const chips = !isWide && <SuggestionChips suggestions={scene.suggestions} onSend={trying.onSend} />
  /** Shows the channel, because suggestions are sent there. */
  function showChannel(): void {
    setListOpen(false)
    if (!isWide) go({ channel: id })
  }
  return (
    <div class="workbench" data-pane={isListOpen ? 'list' : thread ? 'thread' : 'channel'}>
      <GuidePlace scene={scene} isWide={isWide} {...trying} onTry={showChannel} />
      <div class="slack">
        <Sidebar current={id} unread={unread} onOpen={() => setListOpen(false)} />
        <ChannelPane {...place} orders={orders} chips={chips} onBack={() => setListOpen(true)} />
        {thread && <ThreadPane {...place} thread={thread} onClose={() => closeThread(id, thread, go)} />}
      </div>
    </div>
  )
}

/** Closes the thread and returns the focus to the message that opened it. */
function closeThread(channel: string, thread: string, go: (to: Route) => void): void {
  go({ channel })
  requestAnimationFrame(() => {
    const opener = document.querySelector<HTMLElement>(`[data-thread="${CSS.escape(thread)}"]`)
    opener?.focus({ preventScroll: true })
  })
}
