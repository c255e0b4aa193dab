import { deliver } from '../incidents/delivery.ts'
import type { IncidentWorld } from '../incidents/incident-world.ts'
import { investigate } from '../incidents/investigate.ts'
import { look } from '../incidents/look.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { JobName } from '../queue/jobs.ts'
import { Later } from '../queue/later.ts'
import type { Handler, Handlers } from '../queue/queue.ts'
import { act } from '../remediation/act.ts'
import type { People } from '../remediation/people.ts'
import { reconcileApprovals } from '../remediation/reconcile-approvals.ts'
import type { RemediationWorld } from '../remediation/remediation-world.ts'
import { answerRequest } from '../slack/answer-request.ts'
import { channelKnowledge } from '../slack/channel-knowledge.ts'
import type { PlacePolicy } from '../slack/place-policy.ts'
import type { Request } from '../slack/request-record.ts'
import { respond, responseOrigins } from '../slack/respond.ts'
import type { Message, SlackApi } from '../slack/slack-api.ts'
import { syncThread } from '../slack/sync-thread.ts'
import { tellAskers } from '../slack/tell-askers.ts'
import type { Pace, ThreadWorld } from '../slack/thread-world.ts'

interface HandlerWorld {
  readonly incidents: IncidentWorld
  readonly remediation: RemediationWorld
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
export function handlersOf(world: HandlerWorld): Handlers {
  const { incidents, remediation, slack, places, people, apiUrl, nonce, pace, log } = world
  const { store, queue, now } = incidents
  const origins = responseOrigins(apiUrl)
  const answer = (request: Request, message: Message) => respond(slack, origins, request, message)
  const threads: ThreadWorld = {
    slack,
    incidents: incidents.incidents,
    store,
    queue,
    now,
    nonce,
    pace,
    channels: channelKnowledge(slack, places, now),
    tellAskers: (incident, problem) => tellAskers(store, answer, incident, problem),
    warn: log.warn,
  }
  const handlers: Handlers = {
    request: (id, { signal }) =>
      answerRequest({ incidents, slack, places, people, respond: answer, warn: log.warn }, id, signal),
    investigate: (id, job) => investigate(incidents, id, job),
    'sync-thread': (id) => syncThread(threads, id),
    async look(cluster, { signal }) {
      await reconcileApprovals(remediation)
      await look(incidents, cluster, signal)
    },
    act: (id, job) => act(remediation, id, job),
    delivery: (id) => deliver(incidents, id),
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
