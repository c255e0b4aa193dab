import { z } from 'zod'
import { actionIds } from './action-id.ts'

/** The object that an action is about. */
const target = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** Empty: it has none, as a workload that is muted. */
  uid: z.string(),
})
export type PlanTarget = z.infer<typeof target>

/** What exactly an action would do: read-only, made when it is offered and made again before it is done. */
export const planSchema = z.object({
  action: z.enum(actionIds),
  cluster: z.string(),
  /** Where it is done, and so where somebody must be allowed to do it. */
  namespace: z.string(),
  target,
  /** Of all that must still be so when it is done. */
  hash: z.string(),
  /** The action's own. */
  details: z.unknown(),
})
export type Plan = z.infer<typeof planSchema>
