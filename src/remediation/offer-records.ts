import { z } from 'zod'
import { type Records, records } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { planSchema } from './plan.ts'

const version = 1

const schema = z.object({
  version: z.literal(version),
  incident: z.string(),
  /** `Rerun build` */
  label: z.string(),
  /** The text of its confirmation. */
  says: z.string(),
  plan: planSchema,
  at: z.iso.datetime(),
})

/** What a button stands for. It is written once: the same id is the same plan. */
export type OfferRecord = z.infer<typeof schema>

export function offerRecords(store: Store): Records<OfferRecord> & { readonly version: typeof version } {
  return { ...records(store, 'offer', { schema, version }), version }
}
