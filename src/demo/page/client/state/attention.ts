import { useEffect, useState } from 'preact/hooks'
import type { Message } from '../../../../simulator/slack/workspace/records.ts'
import type { Scene } from '../../scene.ts'

export interface Unread {
  readonly hasNew: boolean
  /** The number of mentions of the viewer. */
  readonly calls: number
}

/** Counts unread messages by channel. Messages of the first scene count as read. */
export function useUnread({ messages, viewer, channels }: Scene, current: string): ReadonlyMap<string, Unread> {
  const [read, setRead] = useState<ReadonlyMap<string, string>>(
    () => new Map(channels.map(({ id }) => [id, latestIn(messages, id)])),
  )
  useEffect(() => {
    setRead((before) => new Map(before).set(current, latestIn(messages, current)))
  }, [messages, current])
  return new Map(
    channels.map(({ id }) => {
      const fresh = id === current ? [] : messages.filter((message) => isFresh(message, id, read.get(id) ?? '', viewer))
      const calls = fresh.filter(({ mentions }) => mentions.some((mention) => mention.id === viewer))
      return [id, { hasNew: fresh.length > 0, calls: calls.length }]
    }),
  )
}

function latestIn(messages: readonly Message[], channel: string): string {
  return messages.findLast((message) => message.channel === channel)?.ts ?? ''
}

/** Whether a message is unread. Replies count only if they mention the viewer. */
function isFresh(
  { channel, ts, user, threadTs, mentions }: Message,
  id: string,
  read: string,
  viewer: string,
): boolean {
  if (channel !== id || ts <= read || user === viewer) return false
  return threadTs === undefined || mentions.some((mention) => mention.id === viewer)
}

/**
 * Keeps the focus near an element that disappears, such as a pressed button: the focus moves to the message around it, not to
 * the beginning of the page.
 */
export function useFocusKeeper(): void {
  useEffect(() => {
    let last: HTMLElement | undefined
    let homes: readonly HTMLElement[] = []
    const remember = ({ target }: FocusEvent): void => {
      last = target instanceof HTMLElement ? target : undefined
      homes = last ? homesAround(last) : []
    }
    const keep = (): void => {
      const isLost = last && !last.isConnected && document.activeElement === document.body && document.hasFocus()
      if (isLost) homes.find((home) => home.isConnected)?.focus({ preventScroll: true })
    }
    const forget = (): void => {
      last = undefined
    }
    // Delayed, because no element has the focus while it moves.
    const observer = new MutationObserver(() => setTimeout(keep))
    observer.observe(document.body, { childList: true, subtree: true })
    document.addEventListener('focusin', remember)
    document.addEventListener('pointerdown', forget) // a click moves the focus on purpose
    return () => {
      observer.disconnect()
      document.removeEventListener('focusin', remember)
      document.removeEventListener('pointerdown', forget)
    }
  }, [])
}

/** Ordered from the inside to the outside. */
function homesAround(element: HTMLElement): readonly HTMLElement[] {
  const home = element.closest<HTMLElement>('[data-focus-home]')
  if (!home) return []
  return [home, ...(home.parentElement ? homesAround(home.parentElement) : [])]
}

/** Returns the time in milliseconds since 1970, updated every 30 seconds. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
