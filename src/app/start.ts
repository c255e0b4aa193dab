import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type WebhookWorld, webhookRoutes } from '../alertmanager/webhook.ts'
import type { Configuration } from '../config/configuration.ts'
import type { ServiceSettings } from '../config/environment.ts'
import type { IncidentWorld } from '../incidents/incident-world.ts'
import { incidentId, incidentRecords } from '../incidents/records.ts'
import { type Pauses, usualPauses, type WatchedClusters } from '../incidents/watched-cluster.ts'
import type { ClusterWrites } from '../kubernetes/writes.ts'
import type { Log } from '../observability/log.ts'
import { createMetrics } from '../observability/metrics.ts'
import { openBullQueue, type QueueTiming } from '../queue/bull-queue.ts'
import type { Queue, WorkOptions } from '../queue/queue.ts'
import { throttleErrors } from '../queue/retry.ts'
import { createSeal } from '../remediation/approvals/seal.ts'
import { createRemediation } from '../remediation/remediation.ts'
import { createRights } from '../remediation/rights.ts'
import { type ActionPauses, usualActionPauses } from '../remediation/settings.ts'
import { slackPeople, slackPlaces } from '../slack/access.ts'
import { slackApi, slackClient } from '../slack/api.ts'
import type { Identity } from '../slack/app.ts'
import { respond, responseOrigins } from '../slack/requests/respond.ts'
import { type Pace, slackPace } from '../slack/thread/apply.ts'
import { background } from '../store/embedded/database.ts'
import { openStore } from '../store/open.ts'
import { countIgnoredRules, toAlertRules, toPlacePolicy, toRemediationSettings, toRoutes } from './from-config.ts'
import { createHandlers, notifyJobFailed } from './handlers.ts'
import { type HttpServer, health, startServer } from './http.ts'
import { identify } from './identify.ts'
import { warnOfMissingRights } from './rights.ts'

interface Looks {
  readonly clusters: readonly string[]
  /** Milliseconds. */
  readonly every: number
  readonly onError: (error: unknown) => void
}

/** Milliseconds. */
const pause = 1_000

/** Has every cluster looked at from time to time. The queue's server may be away: this goes on until it is there. */
async function scheduleLooks(queue: Queue, looks: Looks, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const cluster of looks.clusters) await queue.every('look', cluster, looks.every)
      return
    } catch (error) {
      if (!signal.aborted) looks.onError(error)
      await sleep(pause, undefined, { signal }).catch(() => undefined) // told to end
    }
  }
}

export interface AppConfig {
  readonly settings: ServiceSettings
  readonly configuration: Configuration
}

/** What the program takes from the world, so that tests and the demo can give it another one. */
export interface AppWorld {
  readonly clusters: WatchedClusters
  /** What changes them, by their names. Absent: nothing is ever changed, and no button offers it. */
  readonly writes?: ReadonlyMap<string, ClusterWrites>
  readonly log: Log
  /** The address to listen at. Default: every one. */
  readonly host?: string
  readonly now?: () => Date
  /** Default: Slack's. */
  readonly pace?: Pace
  /** Milliseconds in which several reports of one thing arrive. Default: 5,000. */
  readonly settle?: number
  /** Default: a worker that is killed is missed after some 15 s. */
  readonly queueTiming?: QueueTiming
  /** How long what heals, and what is being done, is waited for. */
  readonly pauses?: Partial<Pauses & ActionPauses>
}

export interface App {
  readonly port: number
  /** Hears no more, finishes what it does within so many milliseconds, and lets go of everything. */
  stop(ms?: number): Promise<void>
}

/** Milliseconds: below the 30 s that Kubernetes gives a pod by default. */
const drainTime = 20_000
/** Milliseconds. An alert comes by the webhook, and as a post. */
const settleTime = 5_000

/**
 * The whole program: store, queue, Slack, HTTP. Everything that was opened is closed again where a later part cannot start.
 * Throws StoreError, QueueError, ConfigurationError.
 */
export async function startApp({ settings, configuration }: AppConfig, world: AppWorld): Promise<App> {
  const { log, clusters, now = () => new Date(), pace = slackPace, settle = settleTime } = world
  await using opened = new AsyncDisposableStack()
  const onError = throttleErrors((error) => log.warn('the store or the queue does not answer', { error }))
  const onUnreadable = throttleErrors((error) =>
    log.warn('a stored record cannot be read, and is passed over', { error }),
  )
  const { store, backend, close } = await openStore({
    ...(settings.redis && { redis: settings.redis }),
    dataDirectory: settings.dataDirectory,
    keep: configuration.incidents.keep,
    onError,
    onUnreadable({ kind, error }) {
      metrics.unreadable(kind)
      onUnreadable(error)
    },
  })
  opened.defer(close)
  for (const problem of await store.problems().catch(() => []))
    log.warn('the store is not as it should be', { problem })
  const queue = await openBullQueue(backend, world.queueTiming)
  opened.defer(() => queue.stop(drainTime))
  const ending = new AbortController()
  opened.defer(() => ending.abort())

  const incidents = incidentRecords(store)
  const metrics = createMetrics({
    jobs: async () => ({ ...(await queue.counts()) }),
    openIncidents: async () => (await Promise.all([...clusters.keys()].map(incidents.open))).flat().length,
  })
  const { botToken, receives, apiUrl } = settings.slack
  const client = slackClient(botToken, apiUrl)
  const slack = slackApi(client, metrics.slackCall)
  const identity = identify(client, log)
  opened.defer(identity.stop)
  const me = (): Identity => identity.known() ?? { team: '', botId: '', botUser: '' }
  const places = toPlacePolicy(configuration, [...clusters.keys()], () => me().team)
  const own: IncidentWorld = {
    clusters,
    incidents,
    store,
    queue,
    now,
    newId: incidentId,
    pauses: { ...usualPauses, ...world.pauses },
    routes: toRoutes(configuration),
    settings: { ...configuration.incidents, others: configuration.alerts.others, settle },
    checked: metrics.checked,
    offers: (incident, seen, signal) => remediation.findOffers(incident, seen, signal),
    defect({ id }, error) {
      metrics.defect(id)
      log.error('a check or a cause failed by itself', { id, error })
    },
  }
  const origins = responseOrigins(apiUrl)
  const people = slackPeople(slack, places, now)
  const { permissions } = configuration
  const rights = createRights(now)
  const actionSettings = toRemediationSettings(configuration)
  const remediation = createRemediation({
    ...{ store, incidents, queue, clusters, now, people, permissions, rights, settings: actionSettings },
    writes: world.writes ?? new Map(),
    places: slackPlaces(slack, places, now),
    pauses: { ...usualActionPauses, ...world.pauses },
    seal: createSeal(botToken),
    defect: own.defect,
    ended: metrics.acted,
    warn: log.warn,
  })
  const shared = { incidents: own, slack, places, people, log }

  if (settings.role !== 'web') {
    const handlers = createHandlers({ ...shared, remediation, apiUrl, metrics, pace, nonce: randomUUID })
    const options: WorkOptions = {
      async onFailed(name, id, error) {
        metrics.job(name, 'failed')
        log.error('a job failed for good', { job: name, id, error })
        if (name === 'act') await remediation.giveUp(id)
        else await notifyJobFailed(own, (request, message) => respond(slack, origins, request, message), name, id)
      },
      onError,
    }
    background.run(() => queue.work(handlers, options)) // who waits for an acknowledgement goes first
    const looks = { clusters: [...clusters.keys()], every: configuration.incidents.look, onError }
    void scheduleLooks(queue, looks, ending.signal)
    void warnOfMissingRights({ clusters, permissions, rights, settings: actionSettings }, log)
  }
  const rules = toAlertRules(configuration)
  const tokens = settings.webhookTokens
  const turnedAway = countIgnoredRules(metrics.turnedAway, log)
  const webhooks: WebhookWorld = {
    ...{ incidents: own, tokens, rules, counted: metrics.webhook, turnedAway, now: own.now, warn: log.warn },
  }
  const hears =
    settings.role === 'worker'
      ? undefined
      : (await import('../slack/app.ts')).slackApp({
          // Bolt takes 20 MB, and a worker has no use for it
          botToken,
          receives,
          apiUrl,
          identity: me,
          log,
          listeners: {
            ...{ records: incidents, store, queue, now, newId: own.newId },
            ...{ slack, places, people },
            decide: remediation.decide,
            command: '/imagepull',
            alertPosts: { rules, posters: new Set(configuration.alerts.posters), own: () => me().botId, turnedAway },
            warn: log.warn,
          },
        })
  const server: HttpServer = await startServer({
    port: settings.port,
    host: world.host,
    routes: {
      ...health({ store, queue, slack: () => identity.known() !== undefined, metrics }),
      ...(settings.role !== 'worker' && webhookRoutes(webhooks)),
    },
    slack: hears?.http,
    log,
  })
  opened.defer(() => server.stop(drainTime / 4))
  await identity.first()
  await hears?.start()
  if (hears) opened.defer(() => hears.stop(drainTime / 4))

  const closing = opened.move()
  return { port: server.port, stop: () => closing.disposeAsync() }
}
