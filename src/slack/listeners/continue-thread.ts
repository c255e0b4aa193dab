import { records } from '../../store/records.ts'
import type { Message } from '../slack-api.ts'
import { states } from '../states.ts'
import { threadSchema, threadVersion } from '../thread-record.ts'
import type { ListenerWorld } from './listener-world.ts'

/** Whatever kept a thread from being posted is mended, says somebody. undefined: it is tried again. */
export async function continueThread(world: ListenerWorld, incident: string): Promise<Message | undefined> {
  const { store, queue } = world.incidents
  const threads = records(store, 'thread', { schema: threadSchema, version: threadVersion })
  const thread = await threads.change(incident, (before) => {
    if (!before?.problem) return undefined
    const { problem: _, ...value } = before
    return { value }
  })
  if (!thread) return states.unknownIncident()
  await queue.add('sync-thread', incident)
  return undefined
}
