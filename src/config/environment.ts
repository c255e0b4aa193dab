import { z } from 'zod'

const schema = z.object({
  KUBECONFIG: z.string().optional(),
  IMAGEPULL_CONFIG: z.string().optional(),
  IMAGEPULL_DATA_DIR: z.string().optional(),
  SLACK_BOT_TOKEN: z.string().optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_APP_TOKEN: z.string().optional(),
  SLACK_API_URL: z.string().optional(),
  ALERTMANAGER_WEBHOOK_TOKEN: z.string().optional(),
  REDIS_URL: z.string().optional(),
  PORT: z.string().optional(),
  LOG_LEVEL: z.string().optional(),
  HTTPS_PROXY: z.string().optional(),
  NO_PROXY: z.string().optional(),
})

/** The environment variables of imagepull, not yet validated. An empty variable counts as unset. Only this file reads them. */
export type Environment = z.infer<typeof schema>

export function readEnvironment(variables: Readonly<Record<string, string | undefined>> = process.env): Environment {
  return schema.parse(Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim() !== '')))
}
