import { createHash } from 'node:crypto'
import type { Queue } from '../../queue/queue.ts'
import { redact } from '../../secret.ts'
import type { Store } from '../../store/store.ts'
import type { Message } from '../api.ts'
import { replies } from '../replies.ts'
import { type Request, requestRecords, requestVersion } from '../requests/record.ts'

/** What storing a request uses. */
export interface RequestOptions {
  readonly store: Store
  readonly queue: Pick<Queue, 'add'>
  readonly now: () => Date
  /** Makes the id of an incident. */
  readonly newId: () => string
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

interface Asked
  extends Pick<Request, 'user' | 'channel' | 'typed'>,
    Partial<Pick<Request, 'thread' | 'responseUrl' | 'direct'>> {
  /** The same when Slack delivers this event again. */
  readonly event: string
}

/** Milliseconds: Slack waits three seconds for an acknowledgement. */
const writeTimeout = 2_000

/**
 * Stores a request and enqueues its answer. undefined: it is durable. Otherwise a message tells the person why it is
 * not.
 */
export async function takeRequest(
  { store, queue, now, newId, warn }: RequestOptions,
  asked: Asked,
): Promise<Message | undefined> {
  const { event, ...of } = asked
  const typed = redact(of.typed) // no target looks like a credential
  const id = createHash('sha256').update(event).digest('base64url').slice(0, 22)
  const requests = requestRecords(store)
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
    warn('a request could not be taken', { error })
    return replies.cannotStart('the queue is unavailable', undefined)
  }
}

async function tooLong(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  setTimeout(() => reject(new Error(`not written within ${writeTimeout} ms`)), writeTimeout).unref()
  return promise
}
