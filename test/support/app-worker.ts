import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { runningApp } from './running-app.ts'

// A process of the role `worker`, to be killed by a test. Its only argument is a file with what it needs.

const schema = z.object({
  kubeconfig: z.string(),
  redisUrl: z.string(),
  configuration: z.looseObject({}).optional(),
  timing: z.record(z.string(), z.number()).optional(),
  slack: z.object({ botToken: z.string(), apiUrl: z.string(), signingSecret: z.string(), appToken: z.string() }),
})

const { slack, kubeconfig, redisUrl, configuration, timing } = schema.parse(
  JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')),
)
await runningApp({
  slack: { ...slack, connectApp: () => undefined },
  kubeconfig,
  redisUrl,
  role: 'worker',
  ...(configuration && { configuration }),
  ...(timing && { timing }),
  lock: 2_000,
})
process.send?.('ready')
