import { z } from 'zod'
import { values } from './values.ts'

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
  lastTransitionTime: values.time.nullish(),
})
/** Of a status. */
export const conditions = z.array(condition).default([])
