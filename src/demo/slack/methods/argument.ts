import { z } from 'zod'

/** Of what a form holds, which has no types of its own. */
export const argument = {
  /** One that is left out is one that is not found. */
  channel: z.string().default(''),
  text: z.string().min(1),
  ts: z.string().regex(/^\d{10}\.\d{6}$/, { error: 'invalid_ts' }),
  flag: z
    .union([z.boolean(), z.enum(['true', '1', 'false', '0']).transform((flag) => flag === 'true' || flag === '1')])
    .optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
  cursor: z.string().optional(),
  /** `a,b` */
  list: z
    .string()
    .transform((list) => list.split(','))
    .optional(),
} as const
