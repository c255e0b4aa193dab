import type { Bot, Channel, ChannelKind, Team, User, Usergroup } from './records.ts'

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
  /** Ids of users, the bot's own among them. */
  readonly members: readonly string[]
  readonly isArchived?: boolean
  readonly isExtShared?: boolean
}

/** What a workspace begins with. */
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

export function plant(seed: Seed): Planted {
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
