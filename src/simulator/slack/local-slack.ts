import type { Fault } from './api/replies.ts'
import type { Delivery } from './people/attempts.ts'
import type { ChannelAct } from './people/channels.ts'
import type { CommandAct, ShortcutAct } from './people/command.ts'
import type { AppAnswer, HttpPost, Sending } from './people/http.ts'
import type { PressAct } from './people/press.ts'
import type { CloseAct, SubmitAct } from './people/views.ts'
import type { EditAct, MentionAct, PostAct, ReactAct, RemoveAct, Written } from './people/write.ts'
import type { Call } from './platform.ts'
import type {
  Bot,
  Channel,
  Content,
  Ephemeral,
  Message,
  Status,
  Team,
  User,
  Usergroup,
  View,
} from './workspace/records.ts'

/** Actions of people and other bots. Each throws CannotAct if it is impossible in Slack. */
export interface People {
  command(act: CommandAct, sending?: Sending): Promise<AppAnswer>
  mention(act: MentionAct, sending?: Sending): Promise<Written>
  post(act: PostAct, sending?: Sending): Promise<Written>
  press(act: PressAct, sending?: Sending): Promise<AppAnswer>
  shortcut(act: ShortcutAct, sending?: Sending): Promise<AppAnswer>
  submitView(act: SubmitAct, sending?: Sending): Promise<AppAnswer>
  closeView(act: CloseAct): Promise<AppAnswer>
  editPost(act: EditAct): Promise<Written>
  deleteMessage(act: RemoveAct): Promise<AppAnswer>
  react(act: ReactAct): Promise<AppAnswer>
  inviteBot(act: ChannelAct): Promise<AppAnswer>
  kickBot(act: ChannelAct): Promise<AppAnswer>
  archive(act: ChannelAct): Promise<AppAnswer>
  /** With another organisation. */
  share(act: ChannelAct): Promise<AppAnswer>
}

/** A local Slack, as strict as the real one. Its state lives in this process only. */
export interface LocalSlack extends People, AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** For `slackApiUrl` of @slack/web-api and Bolt: `http://127.0.0.1:PORT/api/`. */
  readonly apiUrl: string
  readonly signingSecret: string
  readonly botToken: string
  readonly appToken: string
  /** Returns the token of another app's bot. */
  tokenOf(bot: string): string
  readonly team: Team
  /** The app's own. */
  readonly bot: Bot
  /** Sets the address where the app receives requests over HTTP. */
  connectApp(eventsUrl: string): void

  readonly users: readonly User[]
  readonly usergroups: readonly Usergroup[]
  readonly channels: readonly Channel[]
  /** Returns the messages of a channel with their replies, oldest first. */
  messages(channel: string): readonly Message[]
  /** A root and its replies, oldest first. */
  thread(channel: string, ts: string): readonly Message[]
  /** Returns the current message. undefined: it is gone. */
  message(channel: string, ts: string): Message | undefined
  /** Returns the ephemeral messages of a user, oldest first. */
  ephemerals(user: string): readonly Ephemeral[]
  /** The modals of a user, the topmost one last. */
  views(user: string): readonly View[]
  readonly statuses: readonly Status[]
  /** Returns the text that a person reads in a message, line by line. */
  plainText(of: Pick<Content, 'text' | 'blocks' | 'attachments'>): string
  /** Every call of the Web API and of response_urls (`response_url`), oldest first. */
  readonly calls: readonly Call[]
  /** Requests that were sent to the app, oldest first. */
  readonly deliveries: readonly Delivery[]
  /** Calls the listener after each change. Returns the function that stops it. */
  onChange(listener: () => void): () => void

  /** Makes the next calls of a method fail. `response_url` names calls of response URLs. */
  fail(method: string, fault: Fault, times?: number): void
  /** Makes this workspace refuse block types. */
  refuseBlocks(types: readonly string[]): void
  /** Locks a thread: nobody can reply any more. */
  lockThread(channel: string, ts: string): void
  /** Sends the same request to the app again, with its old signature. */
  replay(post: HttpPost): Promise<AppAnswer>
  /** Asks apps in Socket Mode to reconnect. */
  refreshSockets(): void
  /** Breaks all connections of Socket Mode. */
  dropSockets(): void
  stop(): Promise<void>
}
