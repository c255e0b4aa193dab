import { processDelivery } from '../incidents/alerts/delivery.ts'
import { ask } from '../incidents/ask.ts'
import type { IncidentWorld } from '../incidents/incident-world.ts'
import { investigate } from '../incidents/investigate.ts'
import { reconcileCluster } from '../incidents/reconcile/reconcile.ts'
import { transition } from '../incidents/transition.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { JobName } from '../queue/jobs.ts'
import { type Handler, type Handlers, Later } from '../queue/queue.ts'
import type { People } from '../remediation/permissions.ts'
import type { Remediation } from '../remediation/remediation.ts'
import type { PlacePolicy } from '../slack/access.ts'
import type { Message, SlackApi } from '../slack/api.ts'
import { createChannelCache } from '../slack/channel-cache.ts'
import { replies } from '../slack/replies.ts'
import { createAnswers, type Request, requestRecords } from '../slack/requests/answer.ts'
import { notifyAskers, respond, responseOrigins } from '../slack/requests/respond.ts'
import type { Pace } from '../slack/thread/apply.ts'
import { createThreadSync } from '../slack/thread/sync.ts'
import { text } from '../text.ts'

interface HandlerWorld {
  readonly incidents: IncidentWorld
  readonly remediation: Pick<Remediation, 'act' | 'reconcile'>
  readonly slack: SlackApi
  readonly places: PlacePolicy
  readonly people: People
  readonly apiUrl: string | undefined
  readonly metrics: Metrics
  readonly nonce: () => string
  readonly pace: Pace
  readonly log: Log
}

/** What each job does. A job carries an id alone. */
export function createHandlers(world: HandlerWorld): Handlers {
  const { incidents, remediation, slack, places, people, apiUrl, nonce, pace, log } = world
  const { store, queue, now } = incidents
  const origins = responseOrigins(apiUrl)
  const answer = (request: Request, message: Message) => respond(slack, origins, request, message)
  const syncThread = createThreadSync({
    slack,
    incidents: incidents.incidents,
    store,
    queue,
    now,
    nonce,
    pace,
    channels: createChannelCache(slack, places, now),
    async notifyAskers(id, problem) {
      const incident = await incidents.incidents.read(id)
      if (incident) await notifyAskers(store, answer, incident, problem)
    },
    warn: log.warn,
  })
  const answerRequest = createAnswers({
    ...{ store, queue, slack, places, people, warn: log.warn },
    ask: (question, signal) => ask(incidents, question, signal),
    respond: answer,
  })
  const handlers: Handlers = {
    request: (id, { signal }) => answerRequest(id, signal),
    investigate: (id, job) => investigate(incidents, id, job),
    'sync-thread': (id) => syncThread(id),
    async look(cluster, { signal }) {
      await remediation.reconcile()
      await reconcileCluster(incidents, cluster, signal)
    },
    async act(id, { signal }) {
      const next = await remediation.act(id, signal)
      if (next.do === 'wait') throw new Later(next.ms)
    },
    delivery: (id) => processDelivery(incidents, id),
  }
  const named = Object.entries(handlers) as [JobName, Handler][] // its own keys
  return Object.fromEntries(named.map(([name, handler]) => [name, observed(name, handler, world)]))
}

/** Counts a job, and says how it ended with its name and id. */
function observed(name: JobName, handler: Handler, { metrics, log }: HandlerWorld): Handler {
  return async (id, job) => {
    const began = performance.now()
    try {
      await handler(id, job)
      metrics.job(name, 'done')
      log.debug('a job is done', { job: name, id, ms: Math.round(performance.now() - began) })
    } catch (error) {
      if (error instanceof Later) metrics.job(name, 'later')
      else log.warn('a job failed, and is tried again', { job: name, id, attempt: job.attempt, error })
      throw error
    }
  }
}

/** A job has failed for good: whoever waits for it is told. */
export async function notifyJobFailed(
  { incidents, store, queue, now }: IncidentWorld,
  answer: (request: Request, message: Message) => Promise<unknown>,
  name: JobName,
  id: string,
): Promise<void> {
  if (name === 'request') {
    const request = await requestRecords(store).find(id)
    if (request) await answer(request, replies.cannotStart('something failed on my side', undefined))
  }
  if (name === 'investigate') {
    const reason = text`Something failed on my side, so this could not be checked.`
    await incidents.change(id, (before) =>
      transition(before, { what: 'check-failed', at: now().toISOString(), reason }),
    )
    await queue.add('sync-thread', id)
  }
}
