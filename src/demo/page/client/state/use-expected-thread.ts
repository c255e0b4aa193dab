import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Scene } from '../../scene.ts'
import type { Route } from './route.ts'

/** What the viewer asked, and where. */
export interface Asked {
  readonly channel: string
  /** The ts of what they wrote; of a command and of a press none. */
  readonly own?: string | undefined
}

interface Expected extends Asked {
  /** The ts of the newest message when they asked. */
  readonly after: string
}

/** Milliseconds. What comes later is no answer any more. */
const patience = 30_000

/** Opens the thread that the app begins for what the viewer asked, once. Returns how to say that something was asked. */
export function useExpectedThread(scene: Scene, go: (to: Route) => void): (asked: Asked) => void {
  const [expected, setExpected] = useState<Expected>()
  const newest = useRef('')
  newest.current = scene.messages.at(-1)?.ts ?? ''
  useEffect(() => {
    if (!expected) return undefined
    const timer = setTimeout(() => setExpected(undefined), patience)
    return () => clearTimeout(timer)
  }, [expected])
  useEffect(() => {
    const thread = expected && rootOf(scene, expected)
    if (!expected || !thread) return
    setExpected(undefined)
    go({ channel: expected.channel, thread })
  }, [scene.messages, expected])
  return useCallback(({ channel, own }) => setExpected({ channel, own, after: own ?? newest.current }), [])
}

/** A new root of the app, or the viewer's own message once the app replied to it. */
function rootOf({ messages, bot }: Scene, { channel, after, own }: Expected): string | undefined {
  const answer = messages.find(
    (message) =>
      message.channel === channel &&
      message.user === bot.userId &&
      message.ts > after &&
      (message.threadTs === undefined || message.threadTs === own),
  )
  return answer && (answer.threadTs ?? answer.ts)
}
