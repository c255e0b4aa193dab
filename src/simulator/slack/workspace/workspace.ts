import type { KnownBlock, MessageAttachment } from '@slack/types'
import { type Ids, withIds } from './ids.ts'
import type {
  Bot,
  Channel,
  ChannelKind,
  Content,
  Ephemeral,
  Message,
  Status,
  Team,
  User,
  Usergroup,
  View,
} from './records.ts'
import { referencesOf } from './references.ts'

/** The content of a message as it was sent. It is validated. */
export interface Draft {
  readonly text?: string
  readonly blocks?: readonly unknown[]
  readonly attachments?: readonly MessageAttachment[]
  /** `parse: full` or `link_names`. */
  readonly linkNames?: boolean
}

/** The state of the local Slack. Records are immutable. */
export interface Workspace {
  readonly team: Team
  readonly bot: Bot
  readonly users: ReadonlyMap<string, User>
  readonly usergroups: ReadonlyMap<string, Usergroup>
  /** The bots by id, including the app's own. */
  readonly bots: ReadonlyMap<string, Bot>
  readonly channels: ReadonlyMap<string, Channel>
  /** Returns a message by its channel and ts. */
  message(channel: string, ts: string): Message | undefined
  /** Returns the messages of a channel with their replies, oldest first. */
  messages(channel: string): readonly Message[]
  readonly ephemerals: readonly Ephemeral[]
  readonly views: ReadonlyMap<string, View>
  readonly statuses: readonly Status[]
  putChannel(channel: Channel): void
  putMessage(message: Message): void
  removeMessage(message: Message): void
  putEphemeral(ephemeral: Ephemeral): void
  removeEphemeral(ephemeral: Ephemeral): void
  putView(view: View): void
  removeView(id: string): void
  /** Sets a status. An empty one clears it. */
  putStatus(status: Status): void
  /** Makes the content of a draft: adds ids to blocks, and finds mentions and links. */
  contentOf(draft: Draft): Content
  /** Returns a displayed name: `@maya`, `#incidents`. An unknown id is returned as is. */
  nameOf(id: string): string
}

export function createWorkspace(seed: Seed, ids: Ids, changed: () => void): Workspace {
  const planted = plant(seed)
  const users = byId(planted.users)
  const usergroups = byId(planted.usergroups)
  const channels = byId(planted.channels)
  const messages = new Map<string, Message>()
  const ephemerals = new Map<string, Ephemeral>()
  const views = new Map<string, View>()
  const statuses = new Map<string, Status>()

  function put<Value>(into: Map<string, Value>, key: string, value: Value | undefined): void {
    if (value === undefined) into.delete(key)
    else into.set(key, value)
    changed()
  }

  return {
    team: planted.team,
    bot: planted.bot,
    bots: byId([planted.bot, ...planted.bots]),
    users,
    usergroups,
    channels,
    message: (channel, ts) => messages.get(keyOf({ channel, ts })),
    messages: (channel) => [...messages.values()].filter((it) => it.channel === channel).toSorted(byTs),
    get ephemerals() {
      return [...ephemerals.values()]
    },
    views,
    get statuses() {
      return [...statuses.values()]
    },
    putChannel: (channel) => put(channels, channel.id, channel),
    putMessage: (message) => put(messages, keyOf(message), message),
    removeMessage: (message) => put(messages, keyOf(message), undefined),
    putEphemeral: (ephemeral) => put(ephemerals, keyOf(ephemeral), ephemeral),
    removeEphemeral: (ephemeral) => put(ephemerals, keyOf(ephemeral), undefined),
    putView: (view) => put(views, view.id, view),
    removeView: (id) => put(views, id, undefined),
    putStatus: (status) => put(statuses, `${status.channel} ${status.threadTs}`, status.status ? status : undefined),
    contentOf: (draft) => contentOf(draft, () => ids.next('').slice(-5).toLowerCase()),
    nameOf(id) {
      const user = users.get(id)?.name ?? usergroups.get(id)?.handle
      const channel = channels.get(id)?.name
      if (user !== undefined) return `@${user}`
      return channel === undefined ? id : `#${channel}`
    },
  }
}

function byId<Value extends { readonly id: string }>(values: readonly Value[]): Map<string, Value> {
  return new Map(values.map((value) => [value.id, value]))
}

function keyOf({ channel, ts }: { readonly channel: string; readonly ts: string }): string {
  return `${channel} ${ts}`
}

function byTs(a: Message, b: Message): number {
  return a.ts < b.ts ? -1 : 1
}

function contentOf(draft: Draft, nextId: () => string): Content {
  const { text = '', attachments = [], linkNames = false } = draft
  const blocks = withIds(draft.blocks ?? [], nextId)
  const kept = attachments.map((each) => (each.blocks ? { ...each, blocks: inside(each.blocks, nextId) } : each))
  return { text, blocks, attachments: kept, ...referencesOf({ text, blocks, attachments: kept, linkNames }) }
}

function inside(blocks: readonly unknown[], nextId: () => string): KnownBlock[] {
  return [...withIds(blocks, nextId)]
}

export interface UserSeed {
  readonly id: string
  readonly name: string
  readonly realName?: string
  readonly teamId?: string
  readonly isRestricted?: boolean
  readonly isUltraRestricted?: boolean
  readonly isStranger?: boolean
  readonly isDeleted?: boolean
}

export interface ChannelSeed {
  readonly id: string
  readonly name?: string
  /** Default: public. */
  readonly kind?: ChannelKind
  /** Ids of its users, including bots. */
  readonly members: readonly string[]
  readonly isArchived?: boolean
  readonly isExtShared?: boolean
}

/** The initial content of a workspace. */
export interface Seed {
  readonly team?: Team
  /** The app's own bot. */
  readonly bot?: Bot
  readonly users?: readonly UserSeed[]
  readonly usergroups?: readonly Usergroup[]
  /** Other apps that post. */
  readonly bots?: readonly Bot[]
  readonly channels?: readonly ChannelSeed[]
}

const defaultTeam: Team = { id: 'T0LOCAL0001', domain: 'local', name: 'Local Slack' }
const defaultBot: Bot = { id: 'B0IMAGEPULL', userId: 'U0IMAGEPULL', appId: 'A0IMAGEPULL', name: 'imagepull' }

export interface Planted {
  readonly team: Team
  readonly bot: Bot
  readonly bots: readonly Bot[]
  readonly users: readonly User[]
  readonly usergroups: readonly Usergroup[]
  readonly channels: readonly Channel[]
}

function plant(seed: Seed): Planted {
  const { team = defaultTeam, bot = defaultBot, bots = [] } = seed
  return {
    team,
    bot,
    bots,
    users: [
      ...[bot, ...bots].map((each) => userOf({ id: each.userId, name: each.name }, team.id, true)),
      ...(seed.users ?? []).map((each) => userOf(each, team.id, false)),
    ],
    usergroups: seed.usergroups ?? [],
    channels: (seed.channels ?? []).map(channelOf),
  }
}

function userOf(seed: UserSeed, teamId: string, isBot: boolean): User {
  return {
    realName: seed.name,
    teamId,
    isRestricted: false,
    isUltraRestricted: false,
    isStranger: false,
    isDeleted: false,
    isBot,
    ...seed,
  }
}

function channelOf({ members, ...seed }: ChannelSeed): Channel {
  return { name: '', kind: 'public', isArchived: false, isExtShared: false, ...seed, members: new Set(members) }
}
