import { z } from 'zod'
import { records } from '../store/records.ts'
import type { Store } from '../store/store.ts'

const version = 1
const schema = z.object({ version: z.literal(version), json: z.string() })
/** Characters. What is larger is not kept: a bug report that nobody could read. */
const limit = 512 * 1_024

/** The facts of an incident's newest diagnosis, redacted, as `--from-facts` takes them. */
export async function keepFacts(store: Store, incident: string, json: string): Promise<void> {
  if (json.length > limit) return
  await records(store, 'facts', { schema, version }).change(incident, () => ({ value: { version, json } }))
}
