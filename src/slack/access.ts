import { Later } from '../queue/queue.ts'
import type { ActionPlaces, People, Standing } from '../remediation/permissions.ts'
import type { Message, Outcome, SlackApi, User } from './api.ts'
import { cacheAnswers } from './cache.ts'
import { replies } from './replies.ts'

/** What the configuration lets a channel see and do. */
interface PlaceRights {
  /** Names of clusters. `*` is already replaced by all names. */
  readonly clusters: readonly string[]
  /** Namespaces, or `*`. */
  readonly namespaces: readonly string[]
  readonly may: ReadonlySet<'commands' | 'alerts' | 'look' | 'actions'>
  /** Posts are allowed even where another organisation reads the channel. */
  readonly shared: boolean
}

/** The places in which the bot may be used. A place that is not listed is denied. */
export interface PlacePolicy {
  /** Tells whether a workspace is allowed: by default only the token's own. */
  isWorkspace(team: string): boolean
  /** undefined: the channel is not listed. */
  rightsOf(channel: string): PlaceRights | undefined
  /** The channels that take commands, in the configuration's order. */
  readonly channels: readonly string[]
}

/** Reads from Slack who people are and to which user groups they belong. Where Slack does not answer, nobody is a member. */
export function createPeople(slack: SlackApi, places: PlacePolicy, now: () => Date): People {
  const users = cacheAnswers((id) => readUser(slack, id), now)
  const groups = cacheAnswers((id) => slack.usersOfGroup(id), now)

  return {
    async standing(id) {
      const user = await users(id)
      if (user === undefined || user === 'not-granted') return user ?? 'unknown'
      return toStanding(user, places)
    },
    async isInAny(user, ids) {
      const members = await Promise.all(ids.map(groups))
      return members.some((it) => it?.includes(user))
    },
  }
}

/** A missing scope is an answer, too: it will not change until somebody grants the scope. */
async function readUser(slack: SlackApi, id: string): Promise<Outcome<User | 'not-granted'>> {
  const answer = await slack.user(id)
  const notGranted = answer.outcome === 'refused' && answer.error === 'missing_scope'
  return notGranted ? { outcome: 'done', value: 'not-granted' } : answer
}

function toStanding(user: User, places: PlacePolicy): Standing {
  if (user.deleted) return 'deleted'
  if (user.bot) return 'bot'
  if (user.stranger || !places.isWorkspace(user.team)) return 'stranger'
  return user.guest ? 'guest' : 'member'
}

/** Allows actions only in channels that the configuration lists for them and that no other organisation reads. */
export function createActionPlaces(slack: SlackApi, places: PlacePolicy, now: () => Date): ActionPlaces {
  const channels = cacheAnswers((id) => slack.channel(id), now)

  return {
    async allows(id, { changes, cluster, namespace }) {
      const rights = places.rightsOf(id)
      if (!rights?.may.has(changes ? 'actions' : 'commands')) return false
      if (!rights.clusters.includes(cluster)) return false
      if (!rights.namespaces.includes('*') && !rights.namespaces.includes(namespace)) return false
      const channel = await channels(id)
      return channel !== undefined && (!channel.shared || rights.shared)
    },
  }
}

/** The number of listed channels about which Slack is asked, in the configuration's order. */
const mostChannels = 100

/** The collaborators that tell which channels a person may read. */
export interface Readers {
  readonly people: People
  readonly slack: Pick<SlackApi, 'channel' | 'isMember'>
  readonly places: PlacePolicy
}

/** A listed channel that a person may read. */
interface ReadableChannel {
  readonly id: string
  readonly name: string
  /** The bot can post there. */
  readonly member: boolean
}

/**
 * Lists the configured channels that a person may read: a full member reads the public ones, and everybody the ones that
 * they are in. People from other organisations and bots read none. Where Slack does not say who somebody is, only membership
 * counts. Throws Later or Error where Slack does not answer about a channel, because a missing answer is not a "no".
 */
export async function readableChannels(of: Readers, user: string): Promise<readonly ReadableChannel[]> {
  const standing = await of.people.standing(user)
  if (standing === 'stranger' || standing === 'deleted' || standing === 'bot') return []
  const asked = of.places.channels
    .slice(0, mostChannels)
    .map((id) => readChannel(of, id, { user, isMember: standing === 'member' }))
  return (await Promise.all(asked)).filter((it) => it !== undefined)
}

/**
 * In a direct message a person may see what they can read in channels. The rights of each channel stay apart, because the
 * cluster of one and the namespace of another are not a pair that any channel allows. Throws as `readableChannels`.
 */
export async function rightsInDirectMessage(of: Readers, user: string): Promise<readonly PlaceRights[]> {
  const channels = await readableChannels(of, user)
  return channels.flatMap(({ id }) => of.places.rightsOf(id) ?? [])
}

async function readChannel(
  { slack }: Readers,
  id: string,
  { user, isMember }: { readonly user: string; readonly isMember: boolean },
): Promise<ReadableChannel | undefined> {
  const channel = valueOrThrow(await slack.channel(id))
  if (!channel) return undefined
  const readable = (isMember && !channel.private) || valueOrThrow(await slack.isMember(id, user)) === true
  return readable ? { id, name: channel.name, member: channel.member } : undefined
}

/** undefined: Slack refuses, because the bot cannot see that channel. */
function valueOrThrow<T>(answer: Outcome<T>): T | undefined {
  if (answer.outcome === 'limited') throw new Later(answer.ms)
  if (answer.outcome === 'unknown') throw new Error(`Slack does not say who may read a channel: ${answer.error}`)
  return answer.outcome === 'done' ? answer.value : undefined
}

interface Asked {
  readonly people: People
}

/** Tells why a person may not press buttons; undefined: they may. Without the scope `users:read` everybody counts as a member. */
export async function refusalToPress({ people }: Asked, user: string): Promise<Message | undefined> {
  const standing = await people.standing(user)
  if (standing === 'member' || standing === 'not-granted') return undefined
  return standing === 'unknown' ? replies.unknownPerson() : replies.outsider()
}

/** Tells why a person may not ask; undefined: they may. A guest may ask in the channels that the guest is in. */
export async function refusalToAsk({ people }: Asked, user: string): Promise<Message | undefined> {
  const standing = await people.standing(user)
  return standing === 'stranger' || standing === 'deleted' || standing === 'bot' ? replies.stranger() : undefined
}

/** Tells why a channel takes no questions; undefined: it does. The reply names only channels that the person may see. */
export async function refusalOfPlace(of: Readers, channel: string, user: string): Promise<Message | undefined> {
  if (channel.startsWith('D') || of.places.rightsOf(channel)?.may.has('commands')) return undefined
  return replies.channelNotListed((await readableChannels(of, user)).map(({ id }) => id))
}
