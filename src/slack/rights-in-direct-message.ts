import type { PlacePolicy, PlaceRights } from './place-policy.ts'
import type { SlackApi } from './slack-api.ts'

/** Channels that are looked at. */
const most = 20

/**
 * In a direct message a person may know what they may read elsewhere: what the listed public channels show, and the private
 * ones that they are a member of. undefined: nothing.
 */
export async function rightsInDirectMessage(
  { channels, rightsOf }: PlacePolicy,
  slack: SlackApi,
  user: string,
): Promise<PlaceRights | undefined> {
  const readable = await Promise.all(
    channels.slice(0, most).map(async (id) => ((await mayRead(slack, id, user)) ? rightsOf(id) : undefined)),
  )
  const rights = readable.filter((it) => it !== undefined)
  if (rights.length === 0) return undefined
  return {
    clusters: [...new Set(rights.flatMap(({ clusters }) => clusters))],
    namespaces: [...new Set(rights.flatMap(({ namespaces }) => namespaces))],
    may: new Set(rights.flatMap(({ may }) => [...may])),
    shared: false,
  }
}

async function mayRead(slack: SlackApi, channel: string, user: string): Promise<boolean> {
  const known = await slack.channel(channel)
  if (known.outcome !== 'done') return false
  if (!known.value.private) return true
  const member = await slack.isMember(channel, user)
  return member.outcome === 'done' && member.value
}
