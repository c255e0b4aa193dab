import { createContext } from 'preact'
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { Bot, Team, User, Usergroup } from '../../../../simulator/slack/workspace/records.ts'
import type { Act, Place } from '../../acts.ts'
import type { Outcome, Scene, SceneChannel, Shortcut } from '../../scene.ts'
import type { Route } from './route.ts'

/** Data and actions for every part of the page. It changes rarely, unlike messages. */
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
  /** Opens the thread that the app will create for the viewer's request. */
  expectThread(asked: Asked): void
  /** Shows a toast. */
  say(words: string): void
}

/** `undefined` only outside the page. */
export const DeskContext = createContext<Desk | undefined>(undefined)

/** The place of rendered blocks, which presses name. undefined: nothing there can be pressed. */
export const PlaceContext = createContext<Place | undefined>(undefined)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('There is no desk around this.')
  return desk
}

/** Returns the channel of a route, or the first channel with the app. undefined: the viewer is in none. */
export function channelOf({ channels, bot }: Scene, { channel }: Route): SceneChannel | undefined {
  const open = channels.filter(({ isArchived }) => !isArchived)
  return (
    channels.find(({ id }) => id === channel) ?? open.find(({ members }) => members.includes(bot.userId)) ?? channels[0]
  )
}

/** A request of the viewer, and its place. */
interface Asked {
  readonly channel: string
  /** The ts of the viewer's message. Absent for a command or a press. */
  readonly own?: string | undefined
}

interface Expected extends Asked {
  /** The ts of the newest message at the time of the request. */
  readonly after: string
}

/** Milliseconds. A later thread does not count as the answer. */
const patience = 30_000

/** Opens the thread that the app creates for a request, once. Returns the function that announces a request. */
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

/** Finds a new root of the app, or the viewer's message after the app has replied to it. */
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
