import { records } from '../../store/records.ts'
import { requestSchema, requestVersion } from '../request-record.ts'
import { readableChannels } from '../rights-in-direct-message.ts'
import type { Message } from '../slack-api.ts'
import { states } from '../states.ts'
import type { ListenerWorld } from './listener-world.ts'
import { takeRequest } from './take-request.ts'

interface Picked {
  /** The request that was answered to one person alone, and the channel. */
  readonly value: string
  readonly user: string
  readonly event: string
}

/**
 * Brings a question that two people had among themselves to a channel that the person may read. undefined: it is under way.
 */
export async function postTo(world: ListenerWorld, { value, user, event }: Picked): Promise<Message | undefined> {
  const [id = '', channel = ''] = value.split(' ')
  const requests = records(world.incidents.store, 'request', { schema: requestSchema, version: requestVersion })
  const request = await requests.read(id)
  if (request?.user !== user) return states.oldButton(undefined)
  const readable = (await readableChannels(world, user)).map(({ id: known }) => known)
  if (!readable.includes(channel)) return states.channelNotListed(readable)
  return (
    (await takeRequest(world, { event: `post-to ${event}`, user, channel, typed: request.typed })) ??
    states.openElsewhere()
  )
}
