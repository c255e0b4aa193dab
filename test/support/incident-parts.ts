import { toIncidentSettings, toPlaybookSettings, toRoutes } from '../../src/app/from-config.ts'
import { configurationSchema } from '../../src/config/configuration.ts'
import { createAlertIntake } from '../../src/incidents/alerts/intake.ts'
import { createIncidentOpener } from '../../src/incidents/open.ts'
import { incidentRecords } from '../../src/incidents/records.ts'
import { defaultIncidentTiming, type IncidentTiming } from '../../src/incidents/settings.ts'
import type { WatchedClusters } from '../../src/incidents/watched-cluster.ts'
import type { Cluster } from '../../src/kubernetes/cluster.ts'
import type { Queue } from '../../src/queue/queue.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { testStore } from './test-store.ts'

const notExpected = (): never => {
  throw new Error('a registry was asked')
}

const unaskedRegistry: Registry = {
  manifest: notExpected,
  content: notExpected,
  blob: notExpected,
  tags: notExpected,
  repositories: notExpected,
  close: () => undefined,
  requests: 0,
}

interface Options {
  /** The manifests of each cluster by its name, or the cluster itself. Default: an empty cluster `test`. */
  readonly clusters?: Readonly<Record<string, Cluster | readonly unknown[]>>
  /** As in the configuration file. */
  readonly configuration?: object
  /** Default: no registry may be asked. */
  readonly registry?: Registry
  readonly timing?: Partial<IncidentTiming>
}

/** What the work on incidents uses: a store, clusters in memory, and a queue that only writes down its jobs. */
export function incidentParts({ clusters = { test: [] }, configuration = {}, registry, timing }: Options = {}) {
  const read = configurationSchema.parse({ incidents: { grace: '0s' }, ...configuration })
  const store = testStore()
  const jobs: string[] = []
  const opened: ('recent' | 'new')[] = []
  const closed: string[] = []
  const queue: Pick<Queue, 'add'> = { add: async (name, id) => void jobs.push(`${name} ${id}`) }
  const incidents = incidentRecords(store)
  const now = () => new Date('2026-11-24T03:14:00Z')
  const settings = toIncidentSettings(read, 0, { ...defaultIncidentTiming, ...timing })
  const watched: WatchedClusters = new Map(
    Object.entries(clusters).map(([name, of]) => {
      const cluster = 'list' in of ? of : memoryCluster(of, { name })
      const openDiagnosis = (answers: 'recent' | 'new' = 'new') => {
        opened.push(answers)
        return {
          cluster,
          registry: { ...(registry ?? unaskedRegistry), close: () => void closed.push(name) },
          permissions: { secrets: false, registry: registry !== undefined },
          settings: toPlaybookSettings(read, []),
        }
      }
      const gitDirectory = read.gitops.directory
      return [name, { name, cluster, namespaces: [], gitDirectory, readsSecrets: false, openDiagnosis }]
    }),
  )
  return {
    clusters: watched,
    incidents,
    intake: createAlertIntake({ store, queue, clusters: new Set(watched.keys()) }),
    opener: createIncidentOpener({ incidents, queue, settings, now }),
    store,
    queue,
    jobs,
    /** For each diagnosis, whether it may use recent answers of registries. */
    opened,
    /** The cluster of each diagnosis whose registry connections were closed. */
    closed,
    routes: toRoutes(read),
    settings,
    now,
    onDefect({ id }: { readonly id: string }, error: unknown): void {
      throw new Error(`a defect in ${id}`, { cause: error })
    },
  }
}
