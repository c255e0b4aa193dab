import { isDeepStrictEqual } from 'node:util'
import type { LocalSlack } from '../../simulator/slack/local-slack.ts'
import type {
  Bot,
  Channel,
  Ephemeral,
  Message,
  Status,
  Team,
  User,
  Usergroup,
  View,
} from '../../simulator/slack/workspace/records.ts'

/** Something to try in the composer. */
export interface Suggestion {
  /** `Never built` */
  readonly label: string
  /** What is typed: `/imagepull my-app-5d9cf86b95-26kvf` */
  readonly text: string
  /** What there is to see. */
  readonly says: string
}

/** An entry of the app in the menu of a message. */
export interface Shortcut {
  readonly callbackId: string
  readonly label: string
}

/** What the demo itself can do, and how far it is. */
export interface ExtraState {
  readonly id: string
  readonly label: string
  readonly says: string
  readonly state: 'ready' | 'running' | 'done' | 'failed'
}

export interface SceneChannel extends Omit<Channel, 'members'> {
  readonly members: readonly string[]
}

/** All that the viewer sees, as it goes to the browser: plain JSON. */
export interface Scene {
  /** The id of the user who looks. */
  readonly viewer: string
  readonly team: Team
  readonly bot: Bot
  readonly users: readonly User[]
  readonly usergroups: readonly Usergroup[]
  /** Where the viewer is a member. */
  readonly channels: readonly SceneChannel[]
  /** Of those channels, oldest first, replies among them. */
  readonly messages: readonly Message[]
  readonly ephemerals: readonly Ephemeral[]
  /** Modals, the topmost one last. */
  readonly views: readonly View[]
  readonly statuses: readonly Status[]
  readonly suggestions: readonly Suggestion[]
  readonly shortcuts: readonly Shortcut[]
  readonly extras: readonly ExtraState[]
}

/** What a user sees of Slack now. */
export function sceneOf(slack: LocalSlack, viewer: string): Omit<Scene, 'suggestions' | 'shortcuts' | 'extras'> {
  const channels = slack.channels.filter(({ members }) => members.has(viewer))
  const visible = new Set(channels.map(({ id }) => id))
  return {
    viewer,
    team: slack.team,
    bot: slack.bot,
    users: slack.users,
    usergroups: slack.usergroups,
    channels: channels.map((channel) => ({ ...channel, members: [...channel.members] })),
    messages: channels.flatMap(({ id }) => slack.messages(id)),
    ephemerals: slack.ephemerals(viewer).filter(({ channel }) => visible.has(channel)),
    views: slack.views(viewer),
    statuses: slack.statuses.filter(({ channel }) => visible.has(channel)),
  }
}

/** What makes a scene out of the one before: a thread of 300 messages is not sent again for each edit. */
export interface Changes {
  /** New ones, and those that were edited. */
  readonly messages: readonly Message[]
  readonly gone: readonly Pick<Message, 'channel' | 'ts'>[]
  /** Everything else is small, and sent whole. */
  readonly rest: Partial<Omit<Scene, 'messages'>>
}

/** undefined: nothing changed. Messages are records that are replaced, never changed, so that identity decides. */
export function changesBetween(before: Scene, after: Scene): Changes | undefined {
  const { messages: old, ...restBefore } = before
  const { messages: now, ...restAfter } = after
  const known = new Map(old.map((message) => [keyOf(message), message]))
  const messages = now.filter((message) => known.get(keyOf(message)) !== message)
  const kept = new Set(now.map(keyOf))
  const gone = old.filter((message) => !kept.has(keyOf(message))).map(({ channel, ts }) => ({ channel, ts }))
  const rest = Object.fromEntries(
    Object.entries(restAfter).filter(([key, value]) => !isDeepStrictEqual(value, Reflect.get(restBefore, key))),
  )
  const isSame = messages.length === 0 && gone.length === 0 && Object.keys(rest).length === 0
  return isSame ? undefined : { messages, gone, rest }
}

function keyOf({ channel, ts }: Message): string {
  return `${channel} ${ts}`
}

/** What came of an act, as the browser is told. */
export type Outcome =
  /** `ts`: of the message that was written. */
  | { readonly kind: 'done'; readonly ts?: string }
  /** A modal stays open; by block_id. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  /** The app did not take it; in Slack's words: `operation_timeout`, `dispatch_failed`. */
  | { readonly kind: 'failed'; readonly error: string }
  /** Nobody could do that, or not any more. */
  | { readonly kind: 'cannot'; readonly says: string }
