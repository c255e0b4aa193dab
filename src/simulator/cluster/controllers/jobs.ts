import type { Pod, Resource } from '../../../kubernetes/resources.ts'
import { timestamp } from '../../clock.ts'
import { type JsonObject, jsonObject, jsonObjects, type StoredObject } from '../api/store.ts'
import { endPod } from '../api/writes/delete.ts'
import { type Live, recordEvent, typedObjects } from '../objects.ts'
import { type Condition, type Controller, isControlledBy, isPodReady, makePod, withCondition } from './controller.ts'

type Job = Resource<'jobs'>

/** Milliseconds before a failed pod is replaced, doubled each time: pkg/controller/job, DefaultJobPodFailureBackOff. */
export interface JobBackoff {
  readonly first: number
  readonly most: number
}

/** Runs each Job's pods until enough have succeeded, too many have failed, or its time is up. */
export function jobs(backoff: JobBackoff): Controller {
  return (live) => {
    const alive = typedObjects(live.store, 'jobs').filter(({ metadata }) => !metadata.deletionTimestamp)
    const wishes = alive.filter((job) => !isFinished(job)).flatMap((job) => reconcile(live, job, backoff) ?? [])
    return wishes.length > 0 ? Math.min(...wishes) : undefined
  }
}

function isFinished({ status }: Job): boolean {
  return status.conditions.some(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True')
}

interface Pods {
  readonly active: readonly Pod[]
  readonly ending: readonly Pod[]
  readonly succeeded: readonly Pod[]
  readonly failed: readonly Pod[]
}

/** Reconciles one Job. Returns the milliseconds until the next reconciliation. */
function reconcile(live: Live, job: Job, backoff: JobBackoff): number | undefined {
  const object = live.store.get('jobs', job.metadata)
  if (!object) return undefined
  const pods = podsOf(live, job)
  const spec = jsonObject(object.spec)
  const started = Date.parse(job.status.startTime ?? '') || live.clock.now()
  const deadline =
    spec.activeDeadlineSeconds === undefined ? undefined : started + Number(spec.activeDeadlineSeconds) * 1_000
  const ended = ending(job, pods, deadline !== undefined && live.clock.now() >= deadline)
  const wish = ended || job.spec.suspend ? undefined : makeMissing(live, job, pods, spec, backoff)
  if (ended || job.spec.suspend) for (const pod of pods.active) end(live, pod)
  writeStatus(live, job, podsOf(live, job), ended)
  const wishes = [wish, ended ? undefined : deadline].filter((it) => it !== undefined)
  return wishes.length > 0 ? Math.max(0, Math.min(...wishes) - live.clock.now()) : undefined
}

function podsOf({ store }: Live, { metadata }: Job): Pods {
  const own = typedObjects(store, 'pods', metadata.namespace).filter((pod) => isControlledBy(pod, metadata.uid))
  const inPhase = (phase: string) => own.filter(({ status }) => status.phase === phase)
  const running = own.filter(({ status }) => status.phase !== 'Failed' && status.phase !== 'Succeeded')
  return {
    active: running.filter((pod) => !pod.metadata.deletionTimestamp),
    ending: running.filter((pod) => pod.metadata.deletionTimestamp),
    succeeded: inPhase('Succeeded'),
    failed: inPhase('Failed'),
  }
}

interface Ending {
  readonly as: 'Complete' | 'Failed'
  readonly reason: string
  readonly message: string
}

function ending({ spec, status }: Job, pods: Pods, late: boolean): Ending | undefined {
  const failures = Math.max(status.failed, pods.failed.length) + restartsOf(pods.active)
  if (late)
    return { as: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' }
  if (failures > (spec.backoffLimit ?? 6))
    return { as: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }
  if (pods.succeeded.length < (spec.completions ?? 1)) return undefined
  return { as: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
}

function restartsOf(pods: readonly Pod[]): number {
  return pods.flatMap(({ status }) => status.containerStatuses).reduce((sum, { restartCount }) => sum + restartCount, 0)
}

/** Creates missing pods. Returns the milliseconds until the next one may be created. */
function makeMissing(live: Live, job: Job, pods: Pods, spec: JsonObject, backoff: JobBackoff): number | undefined {
  const { completions, parallelism } = job.spec
  const wanted = Math.min(parallelism ?? 1, (completions ?? 1) - pods.succeeded.length)
  const missing = wanted - pods.active.length - pods.ending.length
  if (missing <= 0) return undefined
  const allowed = allowedAt(pods.failed, backoff)
  if (allowed > live.clock.now()) return allowed
  const owner = { resource: 'jobs', kind: 'Job', metadata: job.metadata, component: 'job-controller' } as const
  for (let count = 0; count < missing; count++) makePod(live, owner, spec.template)
  return undefined
}

function allowedAt(failed: readonly Pod[], { first, most }: JobBackoff): number {
  const ends = failed.flatMap(({ status }) =>
    status.containerStatuses.map(({ state }) => Date.parse(state.terminated?.finishedAt ?? '') || 0),
  )
  return failed.length === 0 ? 0 : Math.max(0, ...ends) + Math.min(most, first * 2 ** (failed.length - 1))
}

function end(live: Live, { metadata }: Pod): void {
  const object = live.store.get('pods', metadata)
  if (object) endPod(live, object)
}

function writeStatus(live: Live, job: Job, pods: Pods, ended: Ending | undefined): void {
  const { store, clock } = live
  const now = clock.now()
  const running = pods.active.length + pods.ending.length
  const done = ended && running === 0
  store.update('jobs', job.metadata, (object) => {
    const before = jsonObject(object.status)
    const conditions = ended
      ? endConditions(jsonObjects(before.conditions), ended, running === 0, now)
      : before.conditions
    return {
      ...object,
      status: {
        ...before,
        startTime: before.startTime ?? timestamp(now),
        active: pods.active.length,
        ready: pods.active.filter(isPodReady).length,
        terminating: pods.ending.length,
        succeeded: pods.succeeded.length,
        failed: Math.max(job.status.failed, pods.failed.length),
        ...(conditions !== undefined && { conditions }),
        ...(done && ended.as === 'Complete' && { completionTime: timestamp(now) }),
      },
    } satisfies StoredObject
  })
  if (done) tell(live, job, ended)
}

/**
 * Makes the conditions of an ended Job: first FailureTarget or SuccessCriteriaMet, and the final one when its last pod has
 * ended.
 */
function endConditions(known: readonly JsonObject[], { as, reason, message }: Ending, over: boolean, now: number) {
  const first: Condition = {
    type: as === 'Failed' ? 'FailureTarget' : 'SuccessCriteriaMet',
    status: 'True',
    reason,
    message,
  }
  const conditions = withCondition(known, first, now)
  return over ? withCondition(conditions, { type: as, status: 'True', reason, message }, now) : conditions
}

function tell(live: Live, { metadata }: Job, { as, reason, message }: Ending): void {
  const said =
    as === 'Complete'
      ? ({ type: 'Normal', reason: 'Completed', message: 'Job completed' } as const)
      : ({ type: 'Warning', reason, message } as const)
  recordEvent(live, { kind: 'Job', metadata }, { ...said, component: 'job-controller' })
}
