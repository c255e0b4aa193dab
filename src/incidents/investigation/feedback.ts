import { createHash } from 'node:crypto'
import { z } from 'zod'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'

const wrongVersion = 1

const wrongSchema = z.object({
  version: z.literal(wrongVersion),
  incident: z.string(),
  at: z.iso.datetime(),
  /** The id of a person in Slack. */
  by: z.string(),
  /** The cause of the verdict that is reported as wrong. */
  cause: z.string(),
  /** What the person says it was, redacted. */
  says: z.string(),
  /** The facts in the format of `--from-facts`, redacted. Absent: they were too large to keep. */
  facts: z.string().optional(),
})
/** The facts of a diagnosis that somebody reported as wrong, and what they say it was. It can become a test case. */
export type WrongVerdict = z.infer<typeof wrongSchema>

const all = 'all'

export function wrongVerdicts(store: Store) {
  const kept = records(store, 'wrong', { schema: wrongSchema, version: wrongVersion })
  return {
    /** Keeps one report for each person and verdict of an incident, the newest. Returns whether it is the first of them. */
    async keep(of: Omit<WrongVerdict, 'version'>): Promise<boolean> {
      let first = false
      await kept.change(toId(of), (before) => {
        first = before === undefined
        return { value: { version: wrongVersion, ...of }, list: all }
      })
      return first
    },
    /** Lists the reports since a time, the oldest first. */
    async since(time: Date): Promise<readonly WrongVerdict[]> {
      const { records } = await kept.all(all)
      return records.map(({ value }) => value).filter(({ at }) => Date.parse(at) >= time.getTime())
    },
  }
}

function toId({ incident, by, cause }: Pick<WrongVerdict, 'incident' | 'by' | 'cause'>): string {
  return createHash('sha256')
    .update(JSON.stringify([incident, by, cause]))
    .digest('hex')
}

const factsVersion = 1
const factsSchema = z.object({ version: z.literal(factsVersion), json: z.string() })
/** Bytes as they are stored, which is the JSON of JSON. A report of a wrong verdict stores them a second time, with some text. */
const limit = 960 * 1_024

/**
 * Keeps the facts of an incident's newest diagnosis, redacted, in the format of `--from-facts`. Larger facts are not kept,
 * because nobody could read such a bug report.
 */
export async function keepFacts(store: Store, incident: string, json: string): Promise<void> {
  if (Buffer.byteLength(JSON.stringify(json)) > limit) return
  await records(store, 'facts', { schema: factsSchema, version: factsVersion }).change(incident, () => ({
    value: { version: factsVersion, json },
  }))
}
