import { z } from 'zod'

const schema = z.object({
  kind: z.literal('Status'),
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z.object({ name: z.string().default('') }).prefault({}),
})

/** The API server's own `Status` object. undefined: the body is something else, perhaps a proxy's page. */
export function statusBody(body: string): z.infer<typeof schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}
