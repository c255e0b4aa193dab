import { summaries } from '../../incidents/summary.ts'
import { records } from '../../store/records.ts'
import { requestSchema, requestVersion } from '../request-record.ts'
import type { Message } from '../slack-api.ts'
import { states } from '../states.ts'
import type { ListenerWorld } from './listener-world.ts'
import { takeRequest } from './take-request.ts'

interface Chosen {
  /** The request that offered it, and the number of the choice. */
  readonly value: string
  readonly user: string
  readonly event: string
}

/** One of the targets that were offered. undefined: it is under way. */
export async function choose(world: ListenerWorld, chosen: Chosen): Promise<Message | undefined> {
  const [id = '', number = ''] = chosen.value.split(' ')
  const summary = await summaries.read(world.incidents.store, id)
  const row = summary?.rows[Number(number)]
  if (summary && row) {
    const { channel, cluster } = summary
    const { user } = chosen
    return takeRequest(world, { event: `chosen ${chosen.event}`, user, channel, typed: `@${cluster} ${row.target}` })
  }
  const requests = records(world.incidents.store, 'request', { schema: requestSchema, version: requestVersion })
  const request = await requests.read(id)
  const typed = request?.choices[Number(number)]
  if (request?.user !== chosen.user || typed === undefined) return states.oldButton(undefined)
  const { channel, thread, responseUrl, direct } = request
  return takeRequest(world, {
    event: `chosen ${chosen.event}`,
    user: chosen.user,
    channel,
    typed,
    direct,
    ...(thread && { thread }),
    ...(responseUrl && { responseUrl }),
  })
}
