import type { Message } from '../slack/workspace/records.ts'
import type { Scene } from './scene.ts'

/** What makes a scene out of the one before: a thread of 300 messages is not sent again for each edit. */
export interface Changes {
  /** New ones, and those that were edited. */
  readonly messages: readonly Message[]
  readonly gone: readonly Pick<Message, 'channel' | 'ts'>[]
  /** Everything else is small, and sent whole. */
  readonly rest: Partial<Omit<Scene, 'messages'>>
}
