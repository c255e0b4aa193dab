import type { HomeView, KnownBlock, MessageAttachment, MessageMetadata, ModalView } from '@slack/types'

export interface Team {
  readonly id: string
  readonly domain: string
  readonly name: string
}

export interface User {
  readonly id: string
  /** After the `@`. */
  readonly name: string
  readonly realName: string
  readonly teamId: string
  /** A guest of several channels. `isUltraRestricted`: a guest of one channel. */
  readonly isRestricted: boolean
  readonly isUltraRestricted: boolean
  /** A user of another organisation in a shared channel. */
  readonly isStranger: boolean
  readonly isBot: boolean
  readonly isDeleted: boolean
}

/** An app's bot: imagepull's own, or another one that posts. */
export interface Bot {
  readonly id: string
  readonly userId: string
  readonly appId: string
  readonly name: string
}

export interface Usergroup {
  readonly id: string
  readonly handle: string
  readonly users: readonly string[]
}

export type ChannelKind = 'public' | 'private' | 'dm' | 'mpim'

export interface Channel {
  readonly id: string
  /** Without `#`. Empty for a direct message. */
  readonly name: string
  readonly kind: ChannelKind
  readonly members: ReadonlySet<string>
  readonly isArchived: boolean
  /** Shared with another organisation. */
  readonly isExtShared: boolean
}

/** A mention in a message, with its place: `/blocks/0/text/text`. */
export interface Mention {
  readonly kind: 'user' | 'usergroup' | 'channel' | 'broadcast'
  /** `U…`, `S…`, `C…`, or `here`, `channel`, `everyone` for a broadcast. */
  readonly id: string
  readonly pointer: string
}

export interface Link {
  readonly url: string
  /** The label that is shown instead of the address. */
  readonly text?: string
  /** Slack made the link from an address in the text. */
  readonly automatic: boolean
  readonly pointer: string
}

/** The visible content of a message. */
export interface Content {
  readonly text: string
  readonly blocks: readonly KnownBlock[]
  readonly attachments: readonly MessageAttachment[]
  readonly mentions: readonly Mention[]
  readonly links: readonly Link[]
}

export interface Reaction {
  readonly name: string
  readonly users: readonly string[]
}

export interface Message extends Content {
  readonly channel: string
  /** Unique and growing in the workspace: `1763952000.000100`. */
  readonly ts: string
  readonly user: string
  readonly botId?: string
  readonly username?: string
  readonly subtype?: 'bot_message' | 'thread_broadcast' | 'tombstone'
  /** The ts of the root of a reply. */
  readonly threadTs?: string
  readonly metadata?: MessageMetadata
  readonly edited?: { readonly user: string; readonly ts: string }
  /** The number of edits. */
  readonly edits: number
  readonly reactions: readonly Reaction[]
  /** The thread is locked: nobody may reply. */
  readonly isLocked: boolean
}

/** A message that only one user sees. */
export interface Ephemeral extends Content {
  readonly channel: string
  readonly user: string
  readonly ts: string
  readonly threadTs?: string
  /** The number of replacements. */
  readonly edits: number
}

export interface View {
  readonly id: string
  readonly user: string
  readonly hash: string
  readonly rootId: string
  readonly previousId?: string
  readonly content: ModalView | HomeView
}

/** A status below a thread: "is checking the registry…". */
export interface Status {
  readonly channel: string
  readonly threadTs: string
  readonly status: string
  readonly loadingMessages: readonly string[]
  readonly at: number
}
