import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { watchedClusters } from '../../src/app/clusters.ts'
import { startApp } from '../../src/app/start.ts'
import { configurationSchema } from '../../src/config/configuration.ts'
import { roles, serviceSettings } from '../../src/config/environment.ts'
import type { WatchedCluster } from '../../src/incidents/watched-cluster.ts'
import { createLog } from '../../src/observability/log.ts'

// The whole program in a process of its own, as a benchmark measures it: it tells what it asked, and how large it is. Its only
// argument is a file with what it needs.

const schema = z.object({
  kubeconfig: z.string(),
  environment: z.record(z.string(), z.string()),
  role: z.enum(roles),
  configuration: z.unknown(),
})

/** What the process has used so far. */
export interface Used {
  /** Requests to the API server and to registries. */
  readonly kubernetes: number
  readonly registry: number
  /** Resident memory, in bytes, and processor time in milliseconds. */
  readonly memory: number
  readonly processor: number
}

const given = schema.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')))
const configuration = configurationSchema.parse(given.configuration)
const registries: { readonly requests: number }[] = []
const watched = [...watchedClusters({ configuration, registryFiles: () => [], kubeconfig: given.kubeconfig }).values()]
const clusters = new Map(watched.map((it) => [it.name, counted(it)]))
const settings = serviceSettings(given.environment, given.role)
const app = await startApp({ settings, configuration }, { clusters, log: createLog('warn'), host: '127.0.0.1' })

function counted(of: WatchedCluster): WatchedCluster {
  return {
    ...of,
    openDiagnosis(answers) {
      const world = of.openDiagnosis(answers)
      registries.push(world.registry)
      return world
    },
  }
}

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const used: Used = {
    kubernetes: watched.reduce((sum, { cluster }) => sum + cluster.requests, 0),
    registry: registries.reduce((sum, { requests }) => sum + requests, 0),
    memory: process.memoryUsage.rss(),
    processor: (user + system) / 1_000,
  }
  process.send?.(used)
})
process.send?.({ port: app.port })
