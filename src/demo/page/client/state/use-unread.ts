import { useEffect, useState } from 'preact/hooks'
import type { Message } from '../../../slack/workspace/records.ts'
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
