import { createHash } from 'node:crypto'
import { redact } from '../../secret.ts'
import { records } from '../../store/records.ts'
import type { Message } from '../api.ts'
import { states } from '../replies.ts'
import { type Request, requestSchema, requestVersion } from '../requests/answer.ts'
import type { ListenerWorld } from './listener-world.ts'

interface Asked
  extends Pick<Request, 'user' | 'channel' | 'typed'>,
    Partial<Pick<Request, 'thread' | 'responseUrl' | 'direct'>> {
  /** What Slack calls this one event: the same when it is delivered again. */
  readonly event: string
}

/** Milliseconds: Slack waits three seconds for an acknowledgement. */
const time = 2_000

/** Writes down what was asked, and has it answered. undefined: it is durable. Else: why it is not, for the one who asked. */
export async function takeRequest(world: ListenerWorld, asked: Asked): Promise<Message | undefined> {
  const { store, queue, now, newId } = world.incidents
  const { event, ...of } = asked
  const typed = redact(of.typed) // no target looks like a credential
  const id = createHash('sha256').update(event).digest('base64url').slice(0, 22)
  const requests = records(store, 'request', { schema: requestSchema, version: requestVersion })
  const value: Request = {
    version: requestVersion,
    id,
    at: now().toISOString(),
    direct: of.channel.startsWith('D'),
    incident: newId(),
    choices: [],
    ...of,
    typed,
  }
  try {
    const taken = requests.change(id, (before) => (before ? undefined : { value })).then(() => queue.add('request', id))
    await Promise.race([taken, tooLong()])
    return undefined
  } catch (error) {
    world.warn('a request could not be taken', { error })
    return states.cannotStart('the queue is unavailable', undefined)
  }
}

async function tooLong(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  setTimeout(() => reject(new Error(`not written within ${time} ms`)), time).unref()
  return promise
}
