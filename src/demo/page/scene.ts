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
  /** The text to type: `/imagepull my-app-5d9cf86b95-26kvf` */
  readonly text: string
  /** A description. */
  readonly description: string
}

/** An entry of the app in the menu of a message. */
export interface Shortcut {
  readonly callbackId: string
  readonly label: string
}

/** An extra action of the demo and its state. */
export interface ExtraState {
  readonly id: string
  readonly label: string
  readonly description: string
  readonly state: 'ready' | 'running' | 'done' | 'failed'
}

export interface SceneChannel extends Omit<Channel, 'members'> {
  readonly members: readonly string[]
}

/** Everything that the viewer sees. Plain JSON for the browser. */
export interface Scene {
  /** The id of the user who looks. */
  readonly viewer: string
  readonly team: Team
  readonly bot: Bot
  readonly users: readonly User[]
  readonly usergroups: readonly Usergroup[]
  /** The channels of the viewer. */
  readonly channels: readonly SceneChannel[]
  /** The messages of those channels with their replies, oldest first. */
  readonly messages: readonly Message[]
  readonly ephemerals: readonly Ephemeral[]
  /** Modals, the topmost one last. */
  readonly views: readonly View[]
  readonly statuses: readonly Status[]
  readonly suggestions: readonly Suggestion[]
  readonly shortcuts: readonly Shortcut[]
  readonly extras: readonly ExtraState[]
}

/** Returns what a user sees in Slack now. */
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

/** The difference between two scenes, so that an edit does not send a whole thread again. */
export interface Changes {
  /** New and edited messages. */
  readonly messages: readonly Message[]
  readonly gone: readonly Pick<Message, 'channel' | 'ts'>[]
  /** Other parts that changed. They are small and sent whole. */
  readonly rest: Partial<Omit<Scene, 'messages'>>
}

/** Compares two scenes. undefined: nothing changed. Messages are immutable, so identity decides. */
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

/** The outcome of an act, for the browser. */
export type Outcome =
  /** `ts`: of the message that was written. */
  | { readonly kind: 'done'; readonly ts?: string }
  /** The modal stays open. Errors by block_id. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  /** The app failed. Slack's error code: `operation_timeout`, `dispatch_failed`. */
  | { readonly kind: 'failed'; readonly error: string }
  /** The act is impossible, or no longer possible. */
  | { readonly kind: 'cannot'; readonly message: string }
