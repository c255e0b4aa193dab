import { randomUUID } from 'node:crypto'
import { type WebhookWorld, webhookRoutes } from './alertmanager/webhook.ts'
import { alertRulesOf, noticeTurnedAway } from './app/alert-rules-of.ts'
import { handlersOf } from './app/handlers.ts'
import { health } from './app/health.ts'
import { identify } from './app/identify.ts'
import { jobFailed } from './app/job-failed.ts'
import { placePolicyOf } from './app/place-policy-of.ts'
import { remediationSettings } from './app/remediation-settings.ts'
import { routesOf } from './app/routes-of.ts'
import { scheduleLooks } from './app/schedule-looks.ts'
import { tellMissingRights } from './app/tell-missing-rights.ts'
import type { Configuration } from './config/configuration.ts'
import type { ServiceSettings } from './config/service-settings.ts'
import { incidentId } from './incidents/incident-id.ts'
import { incidentRecords } from './incidents/incident-records.ts'
import type { IncidentWorld } from './incidents/incident-world.ts'
import { type Pauses, usualPauses } from './incidents/pauses.ts'
import type { WatchedClusters } from './incidents/watched-cluster.ts'
import type { ClusterWrites } from './kubernetes/cluster-writes.ts'
import type { Log } from './observability/log.ts'
import { createMetrics } from './observability/metrics.ts'
import { openBullQueue, type QueueTiming } from './queue/bull-queue.ts'
import type { WorkOptions } from './queue/queue.ts'
import { seldom } from './queue/seldom.ts'
import { findOffers } from './remediation/find-offers.ts'
import { giveUp } from './remediation/give-up.ts'
import type { RemediationWorld } from './remediation/remediation-world.ts'
import { createRights } from './remediation/rights.ts'
import { createSeal } from './remediation/seal.ts'
import { type ActionPauses, usualActionPauses } from './remediation/settings.ts'
import { type HttpServer, startServer } from './server.ts'
import { respond, responseOrigins } from './slack/respond.ts'
import { slackApi } from './slack/slack-api.ts'
import type { Identity } from './slack/slack-app.ts'
import { slackClient } from './slack/slack-client.ts'
import { slackPace } from './slack/slack-pace.ts'
import { slackPeople } from './slack/slack-people.ts'
import { slackPlaces } from './slack/slack-places.ts'
import type { Pace } from './slack/thread-world.ts'
import { background } from './store/background.ts'
import { openStore } from './store/open-store.ts'

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
  const onError = seldom((error) => log.warn('the store or the queue does not answer', { error }))
  const onUnreadable = seldom((error) => log.warn('a stored record cannot be read, and is passed over', { error }))
  const redisUrl = settings.redisUrl?.reveal()
  const { store, backend, close } = await openStore({
    ...(redisUrl && { redisUrl }),
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
  const places = placePolicyOf(configuration, [...clusters.keys()], () => me().team)
  const own: IncidentWorld = {
    clusters,
    incidents,
    store,
    queue,
    now,
    newId: incidentId,
    pauses: { ...usualPauses, ...world.pauses },
    routes: routesOf(configuration),
    manners: { ...configuration.incidents, others: configuration.alerts.others, settle },
    checked: metrics.checked,
    offers: (incident, seen, signal) => findOffers(remediation, incident, seen, signal),
    defect({ id }, error) {
      metrics.defect(id)
      log.error('a check or a cause failed by itself', { id, error })
    },
  }
  const origins = responseOrigins(apiUrl)
  const remediation: RemediationWorld = {
    incidents: own,
    writes: world.writes ?? new Map(),
    people: slackPeople(slack, places, now),
    places: slackPlaces(slack, places, now),
    permissions: configuration.permissions,
    rights: createRights(now),
    settings: remediationSettings(configuration),
    pauses: { ...usualActionPauses, ...world.pauses },
    seal: createSeal(botToken),
    ended: metrics.acted,
    warn: log.warn,
  }
  const shared = { incidents: own, slack, places, people: remediation.people, log }

  if (settings.role !== 'web') {
    const handlers = handlersOf({ ...shared, remediation, apiUrl, metrics, pace, nonce: randomUUID })
    const options: WorkOptions = {
      async onFailed(name, id, error) {
        metrics.job(name, 'failed')
        log.error('a job failed for good', { job: name, id, error })
        if (name === 'act') await giveUp(remediation, id)
        else await jobFailed(own, (request, message) => respond(slack, origins, request, message), name, id)
      },
      onError,
    }
    background.run(() => queue.work(handlers, options)) // who waits for an acknowledgement goes first
    const looks = { clusters: [...clusters.keys()], every: configuration.incidents.look, onError }
    void scheduleLooks(queue, looks, ending.signal)
    void tellMissingRights(remediation, log)
  }
  const rules = alertRulesOf(configuration)
  const tokens = settings.webhookTokens
  const turnedAway = noticeTurnedAway(metrics.turnedAway, log)
  const webhooks: WebhookWorld = {
    ...{ incidents: own, tokens, rules, counted: metrics.webhook, turnedAway, now: own.now, warn: log.warn },
  }
  const hears =
    settings.role === 'worker'
      ? undefined
      : (await import('./slack/slack-app.ts')).slackApp({
          // Bolt takes 20 MB, and a worker has no use for it
          botToken,
          receives,
          apiUrl,
          identity: me,
          log,
          world: {
            ...shared,
            actions: remediation,
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
