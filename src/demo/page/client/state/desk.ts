import { createContext } from 'preact'
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { Bot, Team, User, Usergroup } from '../../../../simulator/slack/workspace/records.ts'
import type { Act, Place } from '../../acts.ts'
import type { Outcome, Scene, SceneChannel, Shortcut } from '../../scene.ts'
import type { Route } from './route.ts'

/** What every part of the page may look up and do. It changes rarely, other than messages do. */
export interface Desk {
  readonly viewer: string
  readonly team: Team
  readonly bot: Bot
  readonly users: ReadonlyMap<string, User>
  readonly usergroups: ReadonlyMap<string, Usergroup>
  readonly channels: ReadonlyMap<string, SceneChannel>
  readonly shortcuts: readonly Shortcut[]
  act(act: Act): Promise<Outcome>
  go(to: Route): void
  /** The viewer asked something: the thread that the app begins for it opens by itself. */
  expectThread(asked: Asked): void
  /** Shows a line for a moment. */
  say(words: string): void
}

/** `undefined` only outside the page. */
export const DeskContext = createContext<Desk | undefined>(undefined)

/** Where what is drawn stands: presses name it. undefined: nothing there can be pressed. */
export const PlaceContext = createContext<Place | undefined>(undefined)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('There is no desk around this.')
  return desk
}

/** The channel of a route; else the first one where the app is too. undefined: the viewer is in none. */
export function channelOf({ channels, bot }: Scene, { channel }: Route): SceneChannel | undefined {
  const open = channels.filter(({ isArchived }) => !isArchived)
  return (
    channels.find(({ id }) => id === channel) ?? open.find(({ members }) => members.includes(bot.userId)) ?? channels[0]
  )
}

/** What the viewer asked, and where. */
interface Asked {
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
