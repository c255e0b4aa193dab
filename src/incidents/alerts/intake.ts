import { z } from 'zod'
import type { Queue } from '../../queue/queue.ts'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import { type Alert, alertSchema } from './alert.ts'
import { alertRecords } from './records.ts'

const version = 1
const schema = z.object({
  version: z.literal(version),
  alerts: z.array(alertSchema),
})

/** Milliseconds until the cluster is reconciled, so that one snapshot serves all alerts that arrive together. */
const together = 1_000

/** Takes alerts in two steps: it stores a delivery at once, and a job processes it later. */
export interface AlertIntake {
  /**
   * Stores the alerts of one delivery and enqueues it. They are durable when this returns. Throws StoreError, QueueError.
   * @param id The same when the same delivery comes again.
   */
  save(id: string, alerts: readonly Alert[]): Promise<void>
  /** Adds a stored delivery to the known alerts, and has the clusters reconciled. It is safe to run again. */
  process(id: string): Promise<void>
}

export interface IntakeOptions {
  readonly store: Store
  readonly queue: Pick<Queue, 'add'>
  /** The names of the watched clusters. */
  readonly clusters: ReadonlySet<string>
}

export function createAlertIntake({ store, queue, clusters }: IntakeOptions): AlertIntake {
  const deliveries = records(store, 'delivery', { schema, version })
  const known = alertRecords(store)

  /** An alert that names no watched cluster may be about any of them: only what fails there counts. */
  function clustersFor(named: string): readonly string[] {
    return clusters.has(named) ? [named] : [...clusters]
  }

  return {
    async save(id, alerts) {
      await deliveries.change(id, () => ({ value: { version, alerts: [...alerts] } }))
      await queue.add('delivery', id)
    },
    async process(id) {
      const delivery = await deliveries.read(id)
      if (!delivery) return // it was processed before
      const pairs = delivery.alerts.flatMap((alert) =>
        clustersFor(alert.cluster).map((cluster) => ({ cluster, alert })),
      )
      for (const [cluster, own] of Map.groupBy(pairs, (it) => it.cluster)) {
        await known.add(
          cluster,
          own.map(({ alert }) => alert),
        )
        await queue.add('look', cluster, { delay: together })
      }
      await store.remove('delivery', id)
    },
  }
}
