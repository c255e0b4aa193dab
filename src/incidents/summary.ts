import { z } from 'zod'
import { records } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/** Of the record's form. */
const version = 1

const row = z.object({
  host: z.string(),
  image: z.string(),
  pods: z.int(),
  workloads: z.int(),
  /** One of them, to be asked about. */
  target: z.string(),
})

const schema = z.object({
  version: z.literal(version),
  id: z.string(),
  cluster: z.string(),
  channel: z.string(),
  at: z.iso.datetime(),
  rows: z.array(row).max(100),
  /** Rows beyond those. */
  more: z.int(),
})

/** What already failed in a cluster when it was first looked at, as one channel may know it. */
export type Summary = z.infer<typeof schema>

export const summaries = {
  read: (store: Store, id: string): Promise<Summary | undefined> => of(store).read(id),
  write: async (store: Store, summary: Omit<Summary, 'version'>): Promise<void> =>
    void (await of(store).change(summary.id, (before) => (before ? undefined : { value: { version, ...summary } }))),
} as const

function of(store: Store) {
  return records(store, 'summary', { schema, version, substitute: true })
}
