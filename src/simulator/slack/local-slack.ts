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

/** What people and other bots do. Each throws CannotAct where nobody could. */
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

/** A Slack on this machine, as strict as the real one and without a memory of its own beyond the process. */
export interface LocalSlack extends People, AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** For `slackApiUrl` of @slack/web-api and Bolt: `http://127.0.0.1:PORT/api/`. */
  readonly apiUrl: string
  readonly signingSecret: string
  readonly botToken: string
  readonly appToken: string
  /** Of another app's bot: with it that app posts by itself. */
  tokenOf(bot: string): string
  readonly team: Team
  /** The app's own. */
  readonly bot: Bot
  /** Where the app takes commands, interactions and events over HTTP. */
  connectApp(eventsUrl: string): void

  readonly users: readonly User[]
  readonly usergroups: readonly Usergroup[]
  readonly channels: readonly Channel[]
  /** Of a channel, oldest first, replies among them. */
  messages(channel: string): readonly Message[]
  /** A root and its replies, oldest first. */
  thread(channel: string, ts: string): readonly Message[]
  /** As it is now; undefined: it is gone. */
  message(channel: string, ts: string): Message | undefined
  /** What one user alone sees, oldest first. */
  ephemerals(user: string): readonly Ephemeral[]
  /** The modals of a user, the topmost one last. */
  views(user: string): readonly View[]
  readonly statuses: readonly Status[]
  /** What a person reads of a message, line by line. */
  plainText(of: Pick<Content, 'text' | 'blocks' | 'attachments'>): string
  /** Every call of the Web API and of response_urls (`response_url`), oldest first. */
  readonly calls: readonly Call[]
  /** Everything that was sent to the app, oldest first. */
  readonly deliveries: readonly Delivery[]
  /** Called after each change of what is above. Returns how to end it. */
  onChange(listener: () => void): () => void

  /** The next calls of a method go wrong so; `response_url` for those. */
  fail(method: string, fault: Fault, times?: number): void
  /** From now on this workspace does not know these block types. */
  refuseBlocks(types: readonly string[]): void
  /** Nobody can reply to a root any more. */
  lockThread(channel: string, ts: string): void
  /** The very same request to the app once more, with its old signature. */
  replay(post: HttpPost): Promise<AppAnswer>
  /** Slack asks apps over Socket Mode to connect anew. */
  refreshSockets(): void
  /** Connections of Socket Mode break. */
  dropSockets(): void
  stop(): Promise<void>
}
