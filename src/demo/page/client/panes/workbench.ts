import { type ComponentChild, h } from 'preact'
import { useState } from 'preact/hooks'
import type { Scene, SceneChannel } from '../../scene.ts'
import { GuidePlace } from '../guide/guide-place.ts'
import { SuggestionChips } from '../guide/suggestion-chips.ts'
import { useDesk } from '../state/desk.ts'
import type { Route } from '../state/route.ts'
import { useMedia } from '../state/use-media.ts'
import { useNotices } from '../state/use-notices.ts'
import { useSending } from '../state/use-sending.ts'
import { useTrying } from '../state/use-trying.ts'
import { useUnread } from '../state/use-unread.ts'
import { ChannelPane } from './channel-pane.ts'
import { Sidebar } from './sidebar.ts'
import { ThreadPane } from './thread-pane.ts'

interface Props {
  readonly scene: Scene
  readonly route: Route
  readonly channel: SceneChannel
}

/** The guide, and Slack beside it: the list of channels, a channel, a thread. On a phone one of them at a time. */
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
  const chips = !isWide && h(SuggestionChips, { suggestions: scene.suggestions, onSend: trying.onSend })
  /** What is tried is tried in the channel. */
  function showChannel(): void {
    setListOpen(false)
    if (!isWide) go({ channel: id })
  }
  return h(
    'div',
    { class: 'workbench', 'data-pane': isListOpen ? 'list' : thread ? 'thread' : 'channel' },
    h(GuidePlace, { scene, isWide, ...trying, onTry: showChannel }),
    h(
      'div',
      { class: 'slack' },
      h(Sidebar, { current: id, unread, onOpen: () => setListOpen(false) }),
      h(ChannelPane, { ...place, orders, chips, onBack: () => setListOpen(true) }),
      thread && h(ThreadPane, { ...place, thread, onClose: () => closeThread(id, thread, go) }),
    ),
  )
}

/** The keyboard goes back to where the thread was opened. */
function closeThread(channel: string, thread: string, go: (to: Route) => void): void {
  go({ channel })
  requestAnimationFrame(() => {
    const opener = document.querySelector<HTMLElement>(`[data-thread="${CSS.escape(thread)}"]`)
    opener?.focus({ preventScroll: true })
  })
}
