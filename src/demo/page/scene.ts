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
} from '../slack/workspace/records.ts'

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
