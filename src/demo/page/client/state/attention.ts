import { useEffect, useState } from 'preact/hooks'
import type { Message } from '../../../../simulator/slack/workspace/records.ts'
import type { Scene } from '../../scene.ts'

export interface Unread {
  readonly hasNew: boolean
  /** How often the viewer was called. */
  readonly calls: number
}

/** By channel, what came since the viewer last looked there. What was there at first counts as read. */
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

/** Replies are not news of the channel, unless they call the viewer. */
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
 * When what has the keyboard goes away, as buttons do once they are pressed, the keyboard goes on in the message around it,
 * and not at the beginning of the page.
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
    // Later, for while the keyboard moves on, it is nowhere.
    const observer = new MutationObserver(() => setTimeout(keep))
    observer.observe(document.body, { childList: true, subtree: true })
    document.addEventListener('focusin', remember)
    document.addEventListener('pointerdown', forget) // whoever points, chose to leave
    return () => {
      observer.disconnect()
      document.removeEventListener('focusin', remember)
      document.removeEventListener('pointerdown', forget)
    }
  }, [])
}

/** From the inside to the outside. */
function homesAround(element: HTMLElement): readonly HTMLElement[] {
  const home = element.closest<HTMLElement>('[data-focus-home]')
  if (!home) return []
  return [home, ...(home.parentElement ? homesAround(home.parentElement) : [])]
}

/** Milliseconds since 1970, anew each half minute: for "5 minutes ago" and "today". */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
