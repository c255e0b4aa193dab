import type { Incident } from '../../incidents/incident.ts'
import { isOver } from '../../incidents/transition.ts'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import type { RawObject } from '../../kubernetes/raw-object.ts'
import { resources } from '../../kubernetes/resources.ts'
import { counted, joinTexts, plain, type Text, text } from '../../text.ts'
import { asStuckPod, type StuckPod } from '../sources/stuck-pods.ts'
import type { Step, StepContext, StepOutcome } from '../step.ts'

/** Pods at a time, because a registry that was just restarted should not be asked by hundreds at once. */
const batchSize = 20

/**
 * The outcome for a pod. `gone`: no pod has that name, so it was deleted, perhaps by an earlier run of this step.
 * `replaced`: another pod has that name. `recovered`: it no longer waits for an image. The last two are not touched.
 */
const outcomes = {
  deleted: 'deleted',
  gone: 'deleted',
  replaced: 'replaced meanwhile, not touched',
  recovered: 'recovered meanwhile, not touched',
  'not-allowed': 'left to try again by themselves: not allowed to delete them',
} as const
type Outcome = keyof typeof outcomes
/** `again`: it changed between reading and deleting it. */
type Attempt = Outcome | 'again'

interface Options<D> {
  readonly pods: (details: D) => readonly StuckPod[]
  /** If pods may not be deleted, the step fails, or goes on because the pods retry by themselves. */
  readonly forbidden: 'fails' | 'goes-on'
}

/** Deletes pods that wait for an image, each only if it is unchanged and still waits. */
export function deletePods<D>({ pods: podsOf, forbidden }: Options<D>): Step<D> {
  return {
    id: 'pods',
    title: (details) => `Deleting ${podsOf(details).length === 1 ? 'the stuck pod' : 'the stuck pods'}`,
    only: (details) => podsOf(details).length > 0,
    async run(context) {
      const { timing, details, memory } = context
      const pods = podsOf(details)
      const done: Record<string, Outcome> = { ...(memory.outcomes as Record<string, Outcome> | undefined) } // this step wrote it
      const batch = pods.filter(({ uid }) => !done[uid]).slice(0, batchSize)
      // The deletion of these pods was sent before, so if they are gone, this step deleted them.
      const sent = new Set(memory.sent as readonly string[] | undefined) // this step wrote it
      for (const pod of batch) {
        const attempt = await deleteOne(context, pod, sent)
        if (attempt === 'not-allowed' && forbidden === 'fails')
          return { step: 'failed', reason: text`Not allowed to delete pods in ${pod.namespace}.` }
        if (attempt !== 'again') done[pod.uid] = attempt
      }
      const result = describeOutcomes(Object.values(done))
      const left = pods.length - Object.keys(done).length
      const known = { outcomes: done, sent: [...sent] }
      if (left === 0) return { step: 'done', result, memory: known }
      const ms = batch.every(({ uid }) => done[uid]) ? timing.batch : timing.poll
      return { step: 'wait', ms, result: text`${result}, ${left} to go`, memory: known }
    },
  }
}

async function deleteOne(context: StepContext<unknown>, pod: StuckPod, sent: Set<string>): Promise<Attempt> {
  const { writes, signal, memory, note } = context
  const { namespace, name, uid } = pod
  const raw = await writes.raw('pods', { namespace, name }, signal)
  const same = raw?.metadata.uid === uid
  if (sent.has(uid) && (!same || raw.metadata.deletionTimestamp !== undefined)) return deleted(context, pod)
  if (!raw) return 'gone'
  if (!same) return 'replaced'
  if (raw.metadata.deletionTimestamp !== undefined) return 'deleted'
  if (!asStuckPod(resources.pods.schema.parse(raw))) return 'recovered'
  if (!(await context.mayIn(namespace))) return 'not-allowed'
  await keepPod(context, raw)
  sent.add(uid)
  await note({ ...memory, sent: [...sent] }) // after an interruption, the next run knows that this step deleted them
  signal.throwIfAborted() // another worker may have the action now
  try {
    const { resourceVersion } = raw.metadata
    const outcome = await writes.remove('pods', { namespace, name }, { uid, resourceVersion }, signal)
    return outcome === 'absent' ? 'gone' : await deleted(context, pod)
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    if (error.code !== 'conflict' && error.code !== 'forbidden') throw error
    sent.delete(uid) // the API server refused it
    return error.code === 'conflict' ? 'again' : 'not-allowed'
  }
}

async function deleted({ effect }: StepContext<unknown>, { namespace, name, uid }: StuckPod): Promise<'deleted'> {
  const target = { kind: 'Pod', namespace, name, uid }
  await effect({ key: uid, target, before: 'waits for its image', after: 'deleted' })
  return 'deleted'
}

function describeOutcomes(all: readonly Outcome[]): Text {
  const groups = Map.groupBy(all, (it) => outcomes[it])
  const parts = [...groups].map(([words, each]) => text`${counted(each.length, 'pod')} ${{ parts: [words] }}`)
  return parts.length > 0 ? joinTexts(parts, ', ') : text`none`
}

/** The number of events of one pod that are kept. */
const eventLimit = 50

/** Keeps what is lost with a pod: its status, its events and the verdict. Its events may not be readable. */
async function keepPod({ watched, incident, keep, signal }: StepContext<unknown>, pod: RawObject): Promise<void> {
  const { name, namespace = '', uid } = pod.metadata
  const where = { namespace, fields: { 'involvedObject.uid': uid }, limit: eventLimit }
  const events = await watched.cluster.list('events', where, signal).catch(() => undefined)
  const verdict = incident.diagnosis?.failing[0]?.verdict
  const kept = {
    status: pod.status,
    node: rawFields.at(pod.spec, 'nodeName'),
    events: events?.items.map(({ type, reason, message, count, lastTimestamp }) => ({
      ...{ type, reason, message, count, lastTimestamp },
    })),
    verdict: verdict && { cause: verdict.cause, confidence: verdict.confidence, summary: plain(verdict.summary) },
  }
  await keep({ what: 'pod', namespace, name, uid, content: JSON.stringify(kept, undefined, 1) })
}

/** Waits until the incident has ended. The reconciliation of the cluster decides that. */
export function awaitReady<D>(): Step<D> {
  return {
    id: 'ready',
    title: () => 'Ready for a minute',
    async run(context) {
      const { incidents, queue, now, timing, approval, since } = context
      const incident = await incidents.read(approval.incident)
      if (!incident || isOver(incident)) return over(incident)
      const still = stillFails(incident, since)
      if (still) return { step: 'failed', reason: text`It still fails: ${still}.` }
      if (now().getTime() - since.getTime() > timing.patience)
        return { step: 'failed', reason: text`It is not ready yet. I keep watching.` }
      await queue.add('look', incident.cluster)
      return { step: 'wait', ms: timing.poll, result: readyWords(incident) }
    },
  }
}

function over(incident: Incident | undefined): StepOutcome {
  if (incident?.state === 'fixed' || incident?.state === 'quiet') return { step: 'done', result: readyWords(incident) }
  return { step: 'done', result: text`nothing is left that could become ready` }
}

/**
 * Returns the verdict of a check that began after everything was done. A pod whose kubelet only waits for its next try
 * does not fail any more.
 */
function stillFails({ check, diagnosis, healing, verdicts }: Incident, since: Date): string | undefined {
  const begun = check.startedAt !== undefined && Date.parse(check.startedAt) > since.getTime()
  if (!begun || check.state !== 'done' || !diagnosis || healing) return undefined
  const last = verdicts.at(-1)
  return last && last.cause !== 'stale-backoff' ? last.title : undefined
}

function readyWords({ affected: { workloads } }: Incident): Text {
  const ready = workloads.reduce((sum, it) => sum + Math.min(it.ready, it.desired), 0)
  const desired = workloads.reduce((sum, it) => sum + it.desired, 0)
  return text`${ready} of ${desired} ready`
}

/**
 * Waits for the kubelets' own next tries, because a registry that was just restarted should not be asked by all pods at
 * once.
 */
export function podsRecover<D>(): Step<D> {
  return {
    id: 'recover',
    title: () => 'Pods recover by themselves',
    async run({ incidents, queue, now, timing, approval, since }) {
      const incident = await incidents.read(approval.incident)
      if (!incident || isOver(incident)) return { step: 'done' }
      const { failing, pods } = incident.affected
      const words = text`${Math.max(0, pods - failing)} of ${pods}`
      if (failing === 0) return { step: 'done', result: words }
      if (now().getTime() - since.getTime() > timing.recover)
        return { step: 'failed', reason: text`The registry answers, and ${failing} of ${pods} pods still wait.` }
      await queue.add('look', incident.cluster)
      return { step: 'wait', ms: timing.poll, result: words }
    },
  }
}
