import { z } from 'zod'
import { metadata, values } from './metadata.ts'

export const event = z.object({
  metadata,
  type: z.string().default('Normal'),
  reason: z.string().default(''),
  message: z.string().default(''),
  count: z.number().nullish(),
  firstTimestamp: values.time.nullish(),
  lastTimestamp: values.time.nullish(),
  eventTime: values.time.nullish(),
  /** `host`: the node, where a kubelet speaks. */
  source: z.object({ host: z.string().default('') }).prefault({}),
  involvedObject: z
    .object({
      kind: z.string().default(''),
      namespace: z.string().default(''),
      name: z.string().default(''),
      uid: z.string().default(''),
      fieldPath: z.string().default(''),
    })
    .prefault({}),
})
