import type { Platform } from '../platform.ts'
import type { Message } from '../workspace/records.ts'
import { CannotAct } from './cannot-act.ts'

/** A message as it is now. Throws CannotAct. */
export function shownMessage({ workspace }: Platform, { channel, ts }: Pick<Message, 'channel' | 'ts'>): Message {
  const message = workspace.message(channel, ts)
  if (message && message.subtype !== 'tombstone') return message
  throw new CannotAct('no-such-message', `there is no message ${ts} in ${channel}`)
}
