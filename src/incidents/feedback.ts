import { createHash } from 'node:crypto'
import { z } from 'zod'
import { records } from '../store/records.ts'
import type { Store } from '../store/store.ts'

const wrongVersion = 1

const wrongSchema = z.object({
  version: z.literal(wrongVersion),
  incident: z.string(),
  at: z.iso.datetime(),
  /** A person's id in Slack. */
  by: z.string(),
  /** The verdict that is called wrong. */
  cause: z.string(),
  /** What it was, in that person's words. Redacted. */
  says: z.string(),
  /** As `--from-facts` takes them, redacted. Absent: they were too large to keep. */
  facts: z.string().optional(),
})
/** The facts of a diagnosis that somebody called wrong, and what they say it was: a test case to be. */
export type WrongVerdict = z.infer<typeof wrongSchema>

const all = 'all'

export function wrongVerdicts(store: Store) {
  const kept = records(store, 'wrong', { schema: wrongSchema, version: wrongVersion })
  return {
    /** One for each person and verdict of an incident: the newest words count. Returns whether it is the first of them. */
    async keep(of: Omit<WrongVerdict, 'version'>): Promise<boolean> {
      let first = false
      await kept.change(idOf(of), (before) => {
        first = before === undefined
        return { value: { version: wrongVersion, ...of }, list: all }
      })
      return first
    },
    /** The oldest first. */
    async since(time: Date): Promise<readonly WrongVerdict[]> {
      const { records } = await kept.all(all)
      return records.map(({ value }) => value).filter(({ at }) => Date.parse(at) >= time.getTime())
    },
  }
}

function idOf({ incident, by, cause }: Pick<WrongVerdict, 'incident' | 'by' | 'cause'>): string {
  return createHash('sha256')
    .update(JSON.stringify([incident, by, cause]))
    .digest('hex')
}

const factsVersion = 1
const factsSchema = z.object({ version: z.literal(factsVersion), json: z.string() })
/** Bytes, as they are stored: the JSON of JSON. Who calls a verdict wrong stores them once more, with some words. */
const limit = 960 * 1_024

/**
 * The facts of an incident's newest diagnosis, redacted, as `--from-facts` takes them. What is larger is not kept: a bug
 * report that nobody could read.
 */
export async function keepFacts(store: Store, incident: string, json: string): Promise<void> {
  if (Buffer.byteLength(JSON.stringify(json)) > limit) return
  await records(store, 'facts', { schema: factsSchema, version: factsVersion }).change(incident, () => ({
    value: { version: factsVersion, json },
  }))
}
