import { z } from 'zod'
import { redact } from '../secret.ts'
import { type Records, records } from '../store/records.ts'
import type { Store } from '../store/store.ts'

const version = 1

const schema = z.object({
  version: z.literal(version),
  incident: z.string(),
  approval: z.string(),
  at: z.iso.datetime(),
  /** `pod`: its status, its events and the verdict; `log`: of a build. */
  what: z.enum(['pod', 'log']),
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  /** Redacted; of something longer the end. */
  content: z.string(),
})
export type Evidence = z.infer<typeof schema>

/** Characters: enough for a build's last thousand lines. */
const limit = 256 * 1_024
const listLimit = 10_000

/** The last lines. One that was cut is left out: half a secret would not look like one. */
function endOf(content: string): string {
  if (content.length <= limit) return content
  const end = content.slice(-limit)
  return end.slice(end.indexOf('\n') + 1)
}

/** What an action is about to destroy, or may: kept before it is done. */
export function evidenceRecords(store: Store) {
  const all: Records<Evidence> = records(store, 'evidence', { schema, version })
  return {
    /** The first that is kept of an object stays: it is the state before. */
    async keep(of: Omit<Evidence, 'version'>): Promise<void> {
      const value = { version, ...of, content: redact(endOf(of.content)) } as const
      const id = `${of.approval} ${of.what} ${of.uid}`
      await all.change(id, (before) => (before ? undefined : { value, list: of.incident }))
    },
    of: async (incident: string): Promise<readonly Evidence[]> =>
      (await all.list(incident, listLimit)).records.map(({ value }) => value),
  }
}
