import { toPlaybookSettings, toRoutes } from '../../src/app/from-config.ts'
import { configurationSchema } from '../../src/config/configuration.ts'
import { noOffers } from '../../src/incidents/incident.ts'
import type { IncidentWorld } from '../../src/incidents/incident-world.ts'
import { incidentId, incidentRecords } from '../../src/incidents/records.ts'
import { usualPauses } from '../../src/incidents/watched-cluster.ts'
import type { Cluster } from '../../src/kubernetes/cluster.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { testStore } from './test-store.ts'

interface Options {
  /** By the cluster's name: its manifests, or itself. Default: an empty cluster `test`. */
  readonly clusters?: Readonly<Record<string, Cluster | readonly unknown[]>>
  /** As in the configuration file. */
  readonly configuration?: object
  /** Default: none may be asked. */
  readonly registry?: Registry
  readonly world?: Partial<IncidentWorld>
}

/** What the work on incidents needs, with a store, clusters in memory, and a queue that only writes down. */
export function incidentWorld({ clusters = { test: [] }, configuration = {}, registry, world }: Options = {}) {
  const settings = configurationSchema.parse(configuration)
  const store = testStore()
  const jobs: string[] = []
  const opened: ('recent' | 'new')[] = []
  const watched = Object.entries(clusters).map(([name, of]) => {
    const cluster = 'list' in of ? of : memoryCluster(of, { name })
    return {
      ...{ name, cluster, namespaces: [], gitDirectory: settings.gitops.directory, readsSecrets: false },
      openDiagnosis(answers: 'recent' | 'new' = 'new') {
        opened.push(answers)
        return {
          cluster,
          registry: registry ?? ({} as Registry), // it is not asked
          permissions: { secrets: false, registry: registry !== undefined },
          settings: toPlaybookSettings(settings, []),
        }
      },
    }
  })
  const incidents: IncidentWorld = {
    clusters: new Map(watched.map((it) => [it.name, it])),
    incidents: incidentRecords(store),
    store,
    queue: { add: async (name, id) => void jobs.push(`${name} ${id}`) },
    routes: toRoutes(settings),
    settings: { grace: 0, settle: 0, join: 30 * 60_000, others: 'leave' },
    now: () => new Date('2026-11-24T03:14:00Z'),
    newId: incidentId,
    pauses: usualPauses,
    checked: () => undefined,
    offers: async () => noOffers,
    defect(where, error) {
      throw new Error(`a defect in ${where.id}`, { cause: error })
    },
    ...world,
  }
  return { world: incidents, jobs, opened }
}
