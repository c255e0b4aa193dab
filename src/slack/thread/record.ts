import type { Block, KnownBlock } from '@slack/types'
import { z } from 'zod'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { Forms } from './desired.ts'

/** The version of the record. */
export const threadVersion = 1

const time = z.iso.datetime()

const message = z.object({
  /** What Slack calls it, once it is known to be there. */
  ts: z.string().optional(),
  /** Where it is, if not in the thread. */
  channel: z.string().optional(),
  /** It was deleted, or may not be edited any more, or never could be posted: it is left as it is. */
  lost: z.boolean().optional(),
  /** A post was begun, and its answer is not recorded: it is looked for by the nonce before another is made. */
  attempt: z.object({ nonce: z.string(), at: time }).optional(),
  /** Of what was shown last; empty: not known. */
  digest: z.string().default(''),
  /** Changes that readers should see at once have another stage. */
  stage: z.string().default(''),
  shownAt: time.optional(),
  /** What was shown, so that its buttons can be taken away later. */
  blocks: z.custom<readonly (KnownBlock | Block)[]>().optional(),
  text: z.string().default(''),
})

/** What was posted of one incident, to be compared with what should be. */
const threadSchema = z.object({
  version: z.literal(threadVersion),
  channel: z.string(),
  /** Somebody else's post that it hangs on, which is never edited. Absent: its own root. */
  under: z.string().optional(),
  /** By the message's key: `root`, `plan`, `findings-1`, `ended`. */
  messages: z.record(z.string(), message),
  /** Places that were reserved in the pace of a channel, or of all edits: milliseconds since 1970. */
  slots: z.object({ post: z.number().optional(), edit: z.number().optional() }).default({}),
  /** Why nothing can be posted, until somebody mends it. */
  problem: z.object({ code: z.string(), at: time }).optional(),
  /** Times that the root was deleted, and begun again. */
  begun: z.int().default(1),
  /** Posts whose answer was lost and that could not be looked for. */
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
/** Milliseconds until a refused block is tried again: Slack brings new ones to a workspace one day. */
const again = 7 * 24 * 60 * 60 * 1_000

/** Kinds of block that a workspace may not know yet. */
export type NewBlock = 'plan' | 'container'

/** What the workspace was found to take; at first, everything. */
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

/** Remembers for all threads that Slack refused a kind of block. */
export async function refuseBlock(store: Store, kind: NewBlock, now: Date): Promise<void> {
  await records(store, 'setting', { schema, version, substitute: true }).change(id, (before) => ({
    value: { ...(before ?? { version }), [kind]: now.toISOString() },
  }))
}
