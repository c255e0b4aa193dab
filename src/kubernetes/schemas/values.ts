import { z } from 'zod'

/** Values that stand in many objects. What a server may leave out has a default, so that a reader need not ask. */
export const values = {
  /** RFC 3339, UTC. */
  time: z.string(),
  /** Labels, annotations, selectors. */
  names: z.record(z.string(), z.string()).default({}),
} as const
