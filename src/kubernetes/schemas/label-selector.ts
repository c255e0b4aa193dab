import { z } from 'zod'
import { values } from './values.ts'

export const labelSelector = z.object({
  matchLabels: values.names,
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
    .default([]),
})
