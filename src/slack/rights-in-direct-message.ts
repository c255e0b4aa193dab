import { Later } from '../queue/later.ts'
import type { People } from '../remediation/people.ts'
import type { PlacePolicy, PlaceRights } from './place-policy.ts'
import type { Outcome, SlackApi } from './slack-api.ts'

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
