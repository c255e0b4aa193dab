import { createHash } from 'node:crypto'
import type { Failure } from './failure.ts'
import { rowsOf } from './failure-rows.ts'
import type { IncidentWorld } from './incident-world.ts'
import type { Sight } from './see.ts'
import { summaries } from './summary.ts'

const mostRows = 100

/** One post for each channel that wants to know: what had failed before the first look. Safe to run again. */
export async function summarise(
  world: IncidentWorld,
  cluster: string,
  failures: readonly Failure[],
  { labels }: Sight,
): Promise<void> {
  const { store, queue, routes } = world
  const told = failures.flatMap((failure) => {
    const { namespace, uid } = failure
    const channels = routes.channelsFor({ cluster, namespace, by: 'start', labels: labels.get(uid) ?? {} })
    return channels.map((channel) => ({ channel, failure }))
  })
  for (const [channel, of] of Map.groupBy(told, (it) => it.channel)) {
    const rows = rowsOf(of.map(({ failure }) => failure))
    const id = `summary-${createHash('sha256').update(`${cluster} ${channel}`).digest('base64url').slice(0, 20)}`
    const shown = rows.slice(0, mostRows)
    const at = world.now().toISOString()
    await summaries.write(store, { id, cluster, channel, at, rows: [...shown], more: rows.length - shown.length })
    await queue.add('sync-thread', id)
  }
}
