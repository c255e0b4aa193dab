import type { Investigate } from '../incidents/investigation/investigate.ts'
import type { ReconcileCluster } from '../incidents/reconcile/reconcile.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { JobName } from '../queue/jobs.ts'
import { type Handler, type Handlers, Later } from '../queue/queue.ts'
import type { Executor } from '../remediation/execution/execute.ts'

/** The functions that jobs run. Each takes an id, and is safe to run again. */
export interface Work {
  readonly answerRequest: (id: string, signal: AbortSignal) => Promise<void>
  readonly investigate: Investigate
  readonly reconcile: ReconcileCluster
  readonly syncThread: (id: string) => Promise<void>
  readonly processDelivery: (id: string) => Promise<void>
  readonly act: Executor['act']
  readonly reconcileActions: Executor['reconcile']
}

/** Maps the name of each job to its handler. A job carries only an id. */
export function createHandlers(work: Work, metrics: Metrics, log: Log): Handlers {
  const handlers: Handlers = {
    request: (id, { signal }) => work.answerRequest(id, signal),
    async investigate(id, job) {
      const result = await work.investigate(id, job)
      if (result) metrics.checked(result.cause, result.confidence, result.took)
    },
    'sync-thread': (id) => work.syncThread(id),
    async look(cluster, { signal }) {
      await work.reconcileActions()
      await work.reconcile(cluster, signal)
    },
    async act(id, { signal }) {
      const next = await work.act(id, signal)
      if (next.do === 'wait') throw new Later(next.ms)
    },
    delivery: (id) => work.processDelivery(id),
  }
  const named = Object.entries(handlers) as [JobName, Handler][] // its own keys
  return Object.fromEntries(named.map(([name, handler]) => [name, observed(name, handler, metrics, log)]))
}

/** Counts a job, and logs its outcome with its name and id. */
function observed(name: JobName, handler: Handler, metrics: Pick<Metrics, 'job'>, log: Log): Handler {
  return async (id, job) => {
    const began = performance.now()
    try {
      await handler(id, job)
      metrics.job(name, 'done')
      log.debug('a job is done', { job: name, id, ms: Math.round(performance.now() - began) })
    } catch (error) {
      if (error instanceof Later) metrics.job(name, 'later')
      else log.warn('a job failed and is retried', { job: name, id, attempt: job.attempt, error })
      throw error
    }
  }
}
