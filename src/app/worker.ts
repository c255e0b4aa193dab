import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Configuration } from '../config/configuration.ts'
import { createAsking } from '../incidents/asking/ask.ts'
import { createInvestigation } from '../incidents/investigation/investigate.ts'
import { createIncidentOpener } from '../incidents/open.ts'
import { createPullWatch } from '../incidents/reconcile/pull-watch.ts'
import { createReconciler } from '../incidents/reconcile/reconcile.ts'
import type { IncidentSettings } from '../incidents/settings.ts'
import type { Queue } from '../queue/queue.ts'
import { createChannelCache } from '../slack/channel-cache.ts'
import { createAnswers } from '../slack/requests/answer.ts'
import { notifyAskers, type Respond } from '../slack/requests/respond.ts'
import type { Pace } from '../slack/thread/apply.ts'
import { createThreadSync } from '../slack/thread/sync.ts'
import { background } from '../store/embedded/database.ts'
import { toRemediationSettings, toRoutes } from './from-config.ts'
import { createHandlers, type Work } from './handlers.ts'
import { createJobFailureReport } from './job-failures.ts'
import { warnOfMissingRights } from './rights.ts'
import { reportDefects, type Services } from './services.ts'

export interface WorkerOptions {
  readonly configuration: Configuration
  readonly settings: IncidentSettings
  readonly pace: Pace
  /** Shows a message to the person who asked. */
  readonly respond: Respond
  /** Called when the store or the queue does not answer. */
  readonly onError: (error: unknown) => void
}

/** Starts to work on jobs, and to reconcile every cluster regularly. Returns a function that stops the schedule; the queue stops the jobs. */
export function startWorker(services: Services, options: WorkerOptions): () => void {
  const { queue, clusters, incidents, store, remediation, rights, metrics, log, now } = services
  const { configuration, respond, onError } = options
  const ending = new AbortController()
  const handlers = createHandlers(createWork(services, options), metrics, log)
  const reportFailure = createJobFailureReport({ incidents, store, queue, respond, now })
  // The jobs run in the background, so that a request that waits for an acknowledgement goes first.
  background.run(() =>
    queue.work(handlers, {
      async onFailed(name, id, error) {
        metrics.job(name, 'failed')
        log.error('a job failed for good', { job: name, id, error })
        if (name === 'act') await remediation.giveUp(id)
        else await reportFailure(name, id)
      },
      onError,
    }),
  )
  const schedule = { clusters: [...clusters.keys()], every: configuration.incidents.look, onError }
  void scheduleReconciliations(queue, schedule, ending.signal)
  const watchPulls = createPullWatch({
    store,
    queue,
    onProblem: (cluster, error) =>
      log.warn('a cluster cannot be watched, and is reconciled every incidents.look', { cluster, error }),
  })
  for (const watched of clusters.values()) void watchPulls(watched, ending.signal)
  const { permissions } = configuration
  void warnOfMissingRights({ clusters, permissions, rights, settings: toRemediationSettings(configuration) }, log)
  return () => ending.abort()
}

/** Connects what the jobs do. */
function createWork(services: Services, { configuration, settings, pace, respond }: WorkerOptions): Work {
  const { clusters, incidents, store, queue, slack, places, people, remediation, intake, metrics, log, now } = services
  const onDefect = reportDefects(metrics, log)
  const opener = createIncidentOpener({ incidents, queue, settings, now })
  return {
    answerRequest: createAnswers({
      ask: createAsking({ clusters, opener, now, onDefect }),
      store,
      queue,
      slack,
      places,
      people,
      respond,
      warn: log.warn,
    }),
    investigate: createInvestigation({
      incidents,
      store,
      queue,
      clusters,
      findOffers: remediation.findOffers,
      settings,
      now,
      onDefect,
    }),
    reconcile: createReconciler({
      incidents,
      store,
      queue,
      clusters,
      routes: toRoutes(configuration),
      opener,
      settings,
      now,
    }),
    syncThread: createThreadSync({
      slack,
      incidents,
      store,
      queue,
      channels: createChannelCache(slack, places, now),
      pace,
      nonce: randomUUID,
      now,
      async notifyAskers(id, problem) {
        const incident = await incidents.read(id)
        if (incident) await notifyAskers(store, respond, incident, problem)
      },
      warn: log.warn,
    }),
    processDelivery: intake.process,
    act: remediation.act,
    reconcileActions: remediation.reconcile,
  }
}

interface Schedule {
  readonly clusters: readonly string[]
  /** Milliseconds. */
  readonly every: number
  readonly onError: (error: unknown) => void
}

/** Milliseconds between two tries. */
const retryPause = 1_000

/** Schedules the regular reconciliation of every cluster. It tries again until the queue's server answers. */
async function scheduleReconciliations(
  queue: Pick<Queue, 'every'>,
  { clusters, every, onError }: Schedule,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const cluster of clusters) await queue.every('look', cluster, every)
      return
    } catch (error) {
      if (!signal.aborted) onError(error)
      await sleep(retryPause, undefined, { signal }).catch(() => undefined) // the program ends
    }
  }
}
