import { z } from 'zod'
import { records } from '../store/records.ts'
import type { Store } from '../store/store.ts'

const version = 1
const schema = z.object({ version: z.literal(version), json: z.string() })
/** Bytes, as they are stored: the JSON of JSON. Who calls a verdict wrong stores them once more, with some words. */
const limit = 960 * 1_024

/**
 * The facts of an incident's newest diagnosis, redacted, as `--from-facts` takes them. What is larger is not kept: a bug
 * report that nobody could read.
 */
export async function keepFacts(store: Store, incident: string, json: string): Promise<void> {
  if (Buffer.byteLength(JSON.stringify(json)) > limit) return
  await records(store, 'facts', { schema, version }).change(incident, () => ({ value: { version, json } }))
}
