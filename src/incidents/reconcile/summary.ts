import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Queue } from '../../queue/queue.ts'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { Routes } from '../alerts/routes.ts'
import { type Failure, toFailureRows } from '../failure.ts'

/** The version of the record. */
const summaryVersion = 1

const row = z.object({
  host: z.string(),
  image: z.string(),
  pods: z.int(),
  workloads: z.int(),
  /** One of the pods, to ask about. */
  target: z.string(),
})

const summarySchema = z.object({
  version: z.literal(summaryVersion),
  id: z.string(),
  cluster: z.string(),
  channel: z.string(),
  at: z.iso.datetime(),
  rows: z.array(row).max(100),
  /** The number of rows beyond those. */
  more: z.int(),
})

/** What already failed in a cluster when it was first reconciled, limited to what one channel may know. */
export type Summary = z.infer<typeof summarySchema>

export const summaries = {
  read: (store: Store, id: string): Promise<Summary | undefined> => summaryRecords(store).read(id),
  /** Writes a summary once: an existing one stays as it is. */
  write: async (store: Store, summary: Omit<Summary, 'version'>): Promise<void> =>
    void (await summaryRecords(store).change(summary.id, (before) =>
      before ? undefined : { value: { version: summaryVersion, ...summary } },
    )),
} as const

function summaryRecords(store: Store) {
  return records(store, 'summary', { schema: summarySchema, version: summaryVersion, substitute: true })
}

const mostRows = 100

export interface SummaryOptions {
  readonly store: Store
  readonly queue: Pick<Queue, 'add'>
  readonly routes: Pick<Routes, 'channelsFor'>
  readonly now: () => Date
}

/** Writes one summary for each notified channel, and has it posted. It is safe to run again. @param labels Of the failing pods, by uid. */
export async function summarise(
  { store, queue, routes, now }: SummaryOptions,
  cluster: string,
  failures: readonly Failure[],
  labels: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Promise<void> {
  const notices = failures.flatMap((failure) => {
    const { namespace, uid } = failure
    const channels = routes.channelsFor({ cluster, namespace, by: 'start', labels: labels.get(uid) ?? {} })
    return channels.map((channel) => ({ channel, failure }))
  })
  for (const [channel, own] of Map.groupBy(notices, (it) => it.channel)) {
    const rows = toFailureRows(own.map(({ failure }) => failure))
    const id = `summary-${createHash('sha256').update(`${cluster} ${channel}`).digest('base64url').slice(0, 20)}`
    const shown = rows.slice(0, mostRows)
    const at = now().toISOString()
    await summaries.write(store, { id, cluster, channel, at, rows: [...shown], more: rows.length - shown.length })
    await queue.add('sync-thread', id)
  }
}
