import { z } from 'zod'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { IncidentWorld } from '../incident-world.ts'
import { type Alert, alertSchema } from './alert.ts'
import { alertRecords } from './records.ts'

const version = 1
const schema = z.object({
  version: z.literal(version),
  alerts: z.array(alertSchema),
})
/** What was told at once, as far as it is about pulling images. */
export interface Delivery {
  readonly alerts: readonly Alert[]
}

/** Milliseconds until the cluster is looked at: what comes at the same time is looked for at once. */
const together = 1_000

/** Writes down what was told, and has it worked on. It is durable when this returns. `id`: the same for the same telling. */
export async function saveDelivery(
  { store, queue }: Pick<IncidentWorld, 'store' | 'queue'>,
  id: string,
  delivery: Delivery,
): Promise<void> {
  await deliveries(store).change(id, () => ({ value: { version, ...delivery, alerts: [...delivery.alerts] } }))
  await queue.add('delivery', id)
}

/** Adds a delivery to what is known of alerts, and has the clusters looked at. Safe to run again. */
export async function processDelivery(world: IncidentWorld, id: string): Promise<void> {
  const delivery = await deliveries(world.store).read(id)
  if (!delivery) return // it was worked on before
  const alerts = alertRecords(world.store)
  const clusters = Map.groupBy(
    delivery.alerts.flatMap((alert) => clustersOf(world, alert.cluster).map((cluster) => ({ cluster, alert }))),
    ({ cluster }) => cluster,
  )
  for (const [cluster, told] of clusters) {
    const own = told.map(({ alert }) => alert)
    await alerts.hear(cluster, own)
    await world.queue.add('look', cluster, { delay: together })
  }
  await world.store.remove('delivery', id)
}

/** One that does not name a cluster of ours is looked for in all of them: only what fails there counts. */
function clustersOf({ clusters }: IncidentWorld, named: string): readonly string[] {
  return clusters.has(named) ? [named] : [...clusters.keys()]
}

function deliveries(store: Store) {
  return records(store, 'delivery', { schema, version })
}
