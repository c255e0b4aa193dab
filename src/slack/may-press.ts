import type { People } from '../remediation/permissions.ts'
import { type Readers, readableChannels } from './access.ts'
import type { Message } from './api.ts'
import { replies } from './replies.ts'

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
