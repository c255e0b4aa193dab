import type { Configuration } from '../config/configuration.ts'
import type { ServiceSettings } from '../config/environment.ts'
import { type AlertIntake, createAlertIntake } from '../incidents/alerts/intake.ts'
import { type IncidentRecords, incidentRecords } from '../incidents/records.ts'
import type { WatchedClusters } from '../incidents/watched-cluster.ts'
import type { ClusterWrites } from '../kubernetes/writes.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Queue } from '../queue/queue.ts'
import { createSeal } from '../remediation/approvals/seal.ts'
import type { People } from '../remediation/permissions.ts'
import { createRemediation, type Remediation } from '../remediation/remediation.ts'
import { createRights, type Rights } from '../remediation/rights.ts'
import type { ActionTiming } from '../remediation/settings.ts'
import { createActionPlaces, createPeople, type PlacePolicy } from '../slack/access.ts'
import { createSlackApi, createSlackClient, type SlackApi } from '../slack/api.ts'
import type { Store } from '../store/store.ts'
import { toPlacePolicy, toRemediationSettings } from './from-config.ts'
import { type BotIdentity, identify } from './identify.ts'

/** What the web part and the worker part of the program share. */
export interface Services {
  readonly store: Store
  readonly queue: Queue
  readonly clusters: WatchedClusters
  readonly incidents: IncidentRecords
  readonly intake: AlertIntake
  readonly remediation: Remediation
  readonly rights: Rights
  readonly slack: SlackApi
  readonly identity: BotIdentity
  readonly places: PlacePolicy
  readonly people: People
  readonly metrics: Metrics
  readonly log: Log
  readonly now: () => Date
}

export interface ServicesOptions {
  readonly configuration: Configuration
  readonly slack: ServiceSettings['slack']
  readonly store: Store
  readonly queue: Queue
  readonly clusters: WatchedClusters
  /** The connections that change the clusters, by name. A cluster without one is read-only. */
  readonly writes: ReadonlyMap<string, ClusterWrites>
  readonly actionTiming: ActionTiming
  readonly metrics: Metrics
  readonly log: Log
  readonly now: () => Date
}

export function createServices(options: ServicesOptions): Services {
  const { configuration, store, queue, clusters, writes, actionTiming, metrics, log, now } = options
  const names = [...clusters.keys()]
  const { botToken, apiUrl } = options.slack
  const client = createSlackClient(botToken, apiUrl)
  const slack = createSlackApi(client, metrics.slackCall)
  const identity = identify(client, log)
  const places = toPlacePolicy(configuration, names, () => identity.current().team)
  const people = createPeople(slack, places, now)
  const incidents = incidentRecords(store)
  const rights = createRights(now)
  const remediation = createRemediation({
    store,
    incidents,
    queue,
    clusters,
    writes,
    people,
    places: createActionPlaces(slack, places, now),
    permissions: configuration.permissions,
    rights,
    settings: toRemediationSettings(configuration),
    timing: actionTiming,
    seal: createSeal(botToken),
    now,
    onDefect: reportDefects(metrics, log),
    onEnded: metrics.acted,
    warn: log.warn,
  })
  const intake = createAlertIntake({ store, queue, clusters: new Set(names) })
  metrics.observe({
    jobs: async () => ({ ...(await queue.counts()) }),
    openIncidents: async () => (await Promise.all(names.map(incidents.open))).flat().length,
  })
  return {
    store,
    queue,
    clusters,
    incidents,
    intake,
    remediation,
    rights,
    slack,
    identity,
    places,
    people,
    metrics,
    log,
    now,
  }
}

/** Counts and logs a check or a cause that threw an error by itself. */
export function reportDefects(metrics: Pick<Metrics, 'defect'>, log: Pick<Log, 'error'>) {
  return ({ id }: { readonly id: string }, error: unknown): void => {
    metrics.defect(id)
    log.error('a check or a cause has a defect', { id, error })
  }
}
