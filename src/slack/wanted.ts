import { createHash } from 'node:crypto'
import type { Message } from './slack-api.ts'

/** One message that a thread should have. */
export interface Wanted extends Message {
  readonly key: string
  readonly root: boolean
  /** Of a post outside the thread: who asked in another channel finds it there; or under another post there. */
  readonly channel?: string
  readonly thread?: string
  /** Milliseconds between two edits of one stage, and between edits of two stages. */
  readonly pause: number
  readonly stage: string
  /** Somebody pressed a button and looks: its edit does not wait for those that nobody waits for. */
  readonly urgent?: boolean
  readonly digest: string
}

/** `root` is the key of the one that the thread hangs on. */
export function wanted(key: string, { text, blocks }: Message, stage: string, pause: number): Wanted {
  const digest = createHash('sha256')
    .update(JSON.stringify([text, blocks]))
    .digest('base64url')
    .slice(0, 22)
  return { key, root: key === 'root', text, blocks, stage, pause, digest }
}
