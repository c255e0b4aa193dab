import { z } from 'zod'

const schema = z.object({
  KUBECONFIG: z.string().optional(),
  IMAGEPULL_CONFIG: z.string().optional(),
})

/** What the process's environment configures. The only place that reads it. */
export type Environment = z.infer<typeof schema>

export function readEnvironment(variables: Readonly<Record<string, string | undefined>> = process.env): Environment {
  return schema.parse(variables)
}
