import { Later } from '../queue/queue.ts'
import type { People, Standing } from '../remediation/permissions.ts'
import type { ActionPlaces } from '../remediation/remediation-world.ts'
import type { Outcome, SlackApi, User } from './api.ts'
import { askSeldom } from './cache.ts'

/** What a place in Slack may know and do: from the configuration. */
interface PlaceRights {
  /** Names of clusters; `*` is none of them here. */
  readonly clusters: readonly string[]
  /** Namespaces, or `*`. */
  readonly namespaces: readonly string[]
  readonly may: ReadonlySet<'commands' | 'alerts' | 'look' | 'actions'>
  /** Posts are allowed though another organisation reads them. */
  readonly shared: boolean
}

/** Which places the bot may be used in. What is not listed is denied. */
export interface PlacePolicy {
  /** Workspaces; the token's own if none is configured. */
  isWorkspace(team: string): boolean
  /** undefined: the channel is not listed. */
  rightsOf(channel: string): PlaceRights | undefined
  /** Channels in which commands are taken. */
  readonly channels: readonly string[]
}

/** Who people are and in which user groups, as Slack says. What cannot be asked is no yes. */
export function slackPeople(slack: SlackApi, places: PlacePolicy, now: () => Date): People {
  const users = askSeldom((id) => userOf(slack, id), now)
  const groups = askSeldom((id) => slack.usersOfGroup(id), now)

  return {
    async standing(id) {
      const user = await users(id)
      if (user === undefined || user === 'not-granted') return user ?? 'unknown'
      return standingOf(user, places)
    },
    async isInAny(user, ids) {
      const members = await Promise.all(ids.map(groups))
      return members.some((it) => it?.includes(user))
    },
  }
}

/** That the app may never ask is an answer, too. */
async function userOf(slack: SlackApi, id: string): Promise<Outcome<User | 'not-granted'>> {
  const answer = await slack.user(id)
  const notGranted = answer.outcome === 'refused' && answer.error === 'missing_scope'
  return notGranted ? { outcome: 'done', value: 'not-granted' } : answer
}

function standingOf(user: User, places: PlacePolicy): Standing {
  if (user.deleted) return 'deleted'
  if (user.bot) return 'bot'
  if (user.stranger || !places.isWorkspace(user.team)) return 'stranger'
  return user.guest ? 'guest' : 'member'
}

/** In which channels something may be done: those that the configuration lists for it, and that nobody else reads. */
export function slackPlaces(slack: SlackApi, places: PlacePolicy, now: () => Date): ActionPlaces {
  const channels = askSeldom((id) => slack.channel(id), now)

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

/** Channels that are looked at, in the configuration's order. */
const most = 100

/** What is needed to find out which channels a person may read. */
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
 * The listed channels that a person may read: the public ones for a full member, and those that the person is in. People of
 * other organisations and bots may read none. Where Slack does not say who somebody is, membership alone counts. Throws
 * Later or Error where Slack does not say, because a missing answer is no "no".
 */
export async function readableChannels(of: Readers, user: string): Promise<readonly ReadableChannel[]> {
  const standing = await of.people.standing(user)
  if (standing === 'stranger' || standing === 'deleted' || standing === 'bot') return []
  const looks = of.places.channels.slice(0, most).map((id) => lookAt(of, id, { user, isMember: standing === 'member' }))
  return (await Promise.all(looks)).filter((it) => it !== undefined)
}

/**
 * In a direct message a person may know what they may read elsewhere: the rights of each such channel. They stay apart,
 * because a cluster of one and a namespace of another make no pair that any channel allows. Throws as `readableChannels`.
 */
export async function rightsInDirectMessage(of: Readers, user: string): Promise<readonly PlaceRights[]> {
  const channels = await readableChannels(of, user)
  return channels.flatMap(({ id }) => of.places.rightsOf(id) ?? [])
}

async function lookAt(
  { slack }: Readers,
  id: string,
  { user, isMember }: { readonly user: string; readonly isMember: boolean },
): Promise<ReadableChannel | undefined> {
  const channel = said(await slack.channel(id))
  if (!channel) return undefined
  const readable = (isMember && !channel.private) || said(await slack.isMember(id, user)) === true
  return readable ? { id, name: channel.name, member: channel.member } : undefined
}

/** undefined: Slack refuses, for the bot does not know that channel. */
function said<T>(answer: Outcome<T>): T | undefined {
  if (answer.outcome === 'limited') throw new Later(answer.ms)
  if (answer.outcome === 'unknown') throw new Error(`Slack does not say who may read a channel: ${answer.error}`)
  return answer.outcome === 'done' ? answer.value : undefined
}
