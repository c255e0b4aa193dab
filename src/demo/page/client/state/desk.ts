import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Bot, Team, User, Usergroup } from '../../../slack/workspace/records.ts'
import type { Act, Place } from '../../act.ts'
import type { Outcome } from '../../outcome.ts'
import type { SceneChannel, Shortcut } from '../../scene.ts'
import type { Route } from './route.ts'
import type { Asked } from './use-expected-thread.ts'

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
