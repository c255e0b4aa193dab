import { createHash } from 'node:crypto'
import { z } from 'zod'
import { records } from '../store/records.ts'
import type { Store } from '../store/store.ts'

const version = 1

const schema = z.object({
  version: z.literal(version),
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
export type WrongVerdict = z.infer<typeof schema>

const all = 'all'

export function wrongVerdicts(store: Store) {
  const kept = records(store, 'wrong', { schema, version })
  return {
    /** One for each person and verdict of an incident: the newest words count. Returns whether it is the first of them. */
    async keep(of: Omit<WrongVerdict, 'version'>): Promise<boolean> {
      let first = false
      await kept.change(idOf(of), (before) => {
        first = before === undefined
        return { value: { version, ...of }, list: all }
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
