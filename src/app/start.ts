import type { Configuration } from '../config/configuration.ts'
import type { ServiceSettings } from '../config/environment.ts'
import { defaultIncidentTiming, type IncidentTiming } from '../incidents/settings.ts'
import type { WatchedClusters } from '../incidents/watched-cluster.ts'
import type { ClusterWrites } from '../kubernetes/writes.ts'
import type { Log } from '../observability/log.ts'
import { createMetrics } from '../observability/metrics.ts'
import type { QueueTiming } from '../queue/bull-queue.ts'
import { throttleErrors } from '../queue/retry.ts'
import { type ActionTiming, defaultActionTiming } from '../remediation/settings.ts'
import { createRespond } from '../slack/requests/respond.ts'
import { type Pace, slackPace } from '../slack/thread/apply.ts'
import { openBackends } from './backends.ts'
import { toIncidentSettings } from './from-config.ts'
import { createServices } from './services.ts'
import { startWeb } from './web.ts'
import { startWorker } from './worker.ts'

export interface AppConfig {
  readonly settings: ServiceSettings
  readonly configuration: Configuration
}

/** What the program uses from outside. Tests and the demo replace it. */
export interface AppWorld {
  readonly clusters: WatchedClusters
  /** The connections that change the clusters, by name. Absent: nothing is ever changed, and no button offers it. */
  readonly writes?: ReadonlyMap<string, ClusterWrites>
  readonly log: Log
  /** The address on which to listen. Default: every address. */
  readonly host?: string
  readonly now?: () => Date
  /** How often messages are posted and edited. Default: as often as Slack allows. */
  readonly pace?: Pace
  /** Milliseconds in which several reports of the same failure arrive. Default: 5,000. */
  readonly settle?: number
  /** Default: a killed worker is noticed after about 15 s. */
  readonly queueTiming?: QueueTiming
  /** The durations of incidents and actions, in milliseconds. */
  readonly timing?: Partial<IncidentTiming & ActionTiming>
}

export interface App {
  readonly port: number
  /** Takes no more requests and jobs, finishes what runs within limits of time, and closes every connection. */
  stop(): Promise<void>
}

/** Milliseconds. The same alert may come by the webhook and as a post. */
const settleTime = 5_000

/**
 * Starts the whole program. If one part cannot start, the parts before it are closed again. Throws StoreError, QueueError,
 * ConfigurationError.
 */
export async function startApp({ settings, configuration }: AppConfig, world: AppWorld): Promise<App> {
  const { log, clusters, writes = new Map(), now = () => new Date(), timing, settle = settleTime } = world
  await using opened = new AsyncDisposableStack()
  const metrics = createMetrics()
  const onError = throttleErrors((error) => log.warn('the store or the queue does not answer', { error }))
  const { store, queue } = opened.use(
    await openBackends({
      settings,
      keep: configuration.incidents.keep,
      timing: world.queueTiming,
      onUnreadable: metrics.unreadable,
      onError,
      log,
    }),
  )
  const services = createServices({
    configuration,
    slack: settings.slack,
    store,
    queue,
    clusters,
    writes,
    actionTiming: { ...defaultActionTiming, ...timing },
    metrics,
    log,
    now,
  })
  const { identity, slack } = services
  opened.defer(identity.stop)
  const respond = createRespond(slack, settings.slack.apiUrl)
  if (settings.role !== 'web') {
    const incidentSettings = toIncidentSettings(configuration, settle, { ...defaultIncidentTiming, ...timing })
    const pace = world.pace ?? slackPace
    opened.defer(startWorker(services, { configuration, settings: incidentSettings, pace, respond, onError }))
  }
  const web = opened.use(await startWeb(services, { configuration, settings, host: world.host, respond }))
  await identity.first()
  await web.connect()
  const closing = opened.move()
  return { port: web.port, stop: () => closing.disposeAsync() }
}
