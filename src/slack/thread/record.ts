import type { Block, KnownBlock } from '@slack/types'
import { z } from 'zod'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { Forms } from './desired.ts'

/** The version of the record. */
export const threadVersion = 1

const time = z.iso.datetime()

const message = z.object({
  /** Slack's id of the message, once it is known to exist. */
  ts: z.string().optional(),
  /** Its channel, if it is not in the thread. */
  channel: z.string().optional(),
  /** It was deleted, takes no more edits, or could not be posted: it is left as it is. */
  lost: z.boolean().optional(),
  /** A post was started and its answer is not recorded: it is searched for by the nonce before another one is made. */
  attempt: z.object({ nonce: z.string(), at: time }).optional(),
  /** The digest of what was shown last. Empty: unknown. */
  digest: z.string().default(''),
  /** A change that readers should see at once has another stage. */
  stage: z.string().default(''),
  shownAt: time.optional(),
  /** The blocks that were shown, so that the buttons can be removed later. */
  blocks: z.custom<readonly (KnownBlock | Block)[]>().optional(),
  text: z.string().default(''),
})

/** What was posted about one incident, to be compared with the desired messages. */
const threadSchema = z.object({
  version: z.literal(threadVersion),
  channel: z.string(),
  /** Another bot's post under which it stands. Absent: it has its own root. */
  under: z.string().optional(),
  /** By the message's key: `root`, `plan`, `findings-1`, `ended`. */
  messages: z.record(z.string(), message),
  /** The reserved places in the pace of a channel and of all edits, in milliseconds since 1970. */
  slots: z.object({ post: z.number().optional(), edit: z.number().optional() }).default({}),
  /** Why nothing can be posted, until somebody presses Continue. */
  problem: z.object({ code: z.string(), at: time }).optional(),
  /** How many roots the thread has had. */
  begun: z.int().default(1),
  /** The number of posts whose answer was lost and that could not be searched for. */
  unsure: z.int().default(0),
})

export type Thread = z.infer<typeof threadSchema>
export type ThreadMessage = Thread['messages'][string]

/** The store's records of threads, by the id of the incident or summary. */
export function threadRecords(store: Store) {
  return records(store, 'thread', { schema: threadSchema, version: threadVersion })
}

const version = 1

const schema = z.object({ version: z.literal(version), plan: time.optional(), container: time.optional() })
const id = 'refused blocks'
/** Milliseconds until a refused block is tried again: Slack rolls new blocks out over time. */
const again = 7 * 24 * 60 * 60 * 1_000

/** Kinds of block that a workspace may not know yet. */
export type NewBlock = 'plan' | 'container'

/** Reads which kinds of blocks the workspace accepts; at first, all. */
export async function readForms(store: Store, now: Date): Promise<Forms> {
  const refused = await records(store, 'setting', { schema, version, substitute: true }).read(id)
  const isRefused = (kind: NewBlock): boolean => {
    const at = refused?.[kind]
    return at !== undefined && now.getTime() - Date.parse(at) < again
  }
  return {
    plan: isRefused('plan') ? 'lines' : 'plan',
    details: isRefused('container') ? 'window' : 'container',
  }
}

/** Records for all threads that Slack refused a kind of block. */
export async function refuseBlock(store: Store, kind: NewBlock, now: Date): Promise<void> {
  await records(store, 'setting', { schema, version, substitute: true }).change(id, (before) => ({
    value: { ...(before ?? { version }), [kind]: now.toISOString() },
  }))
}
