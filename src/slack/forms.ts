import { z } from 'zod'
import { records } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Forms } from './thread-messages.ts'

const version = 1
const time = z.iso.datetime()
const schema = z.object({ version: z.literal(version), plan: time.optional(), container: time.optional() })
const id = 'refused blocks'
/** Milliseconds until a refused block is tried again: Slack brings new ones to a workspace one day. */
const again = 7 * 24 * 60 * 60 * 1_000

/** Kinds of block that a workspace may not know yet. */
export type NewBlock = 'plan' | 'container'

/** What the workspace was found to take; at first, everything. */
export async function formsOf(store: Store, now: Date): Promise<Forms> {
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
