import { ClusterError } from '../../kubernetes/cluster-error.ts'
import { resources } from '../../kubernetes/resources.ts'
import { counted, joinTexts, type Text, text } from '../../text.ts'
import type { Step, StepContext } from '../step.ts'
import { asStuckPod, type StuckPod } from '../stuck-pods.ts'
import { keepPod } from './keep-pod.ts'

/** Pods at a time: a registry that has just come back is not to be asked by hundreds at once. */
const batchSize = 20

/**
 * What became of a pod. `gone`: there is none of that name, so it was deleted, perhaps by an earlier run of this step.
 * `replaced`: there is another of that name. `recovered`: it no longer waits for an image. The last two are not touched.
 */
const outcomes = {
  deleted: 'deleted',
  gone: 'deleted',
  replaced: 'replaced meanwhile, not touched',
  recovered: 'recovered meanwhile, not touched',
  'not-allowed': 'left to try again by themselves: not allowed to delete them',
} as const
type Outcome = keyof typeof outcomes
/** `again`: it changed while it was looked at. */
type Attempt = Outcome | 'again'

interface Options<D> {
  readonly pods: (details: D) => readonly StuckPod[]
  /** Where they may not be deleted: it fails, or it goes on because they try again by themselves. */
  readonly forbidden: 'fails' | 'goes-on'
}

/** Deletes pods that wait for an image, each only while it is the very same and still waits. */
export function deletePods<D>({ pods: podsOf, forbidden }: Options<D>): Step<D> {
  return {
    id: 'pods',
    title: (details) => `Deleting ${podsOf(details).length === 1 ? 'the stuck pod' : 'the stuck pods'}`,
    only: (details) => podsOf(details).length > 0,
    async run(context) {
      const { world, details, memory } = context
      const pods = podsOf(details)
      const done: Record<string, Outcome> = { ...(memory.outcomes as Record<string, Outcome> | undefined) } // our own
      const batch = pods.filter(({ uid }) => !done[uid]).slice(0, batchSize)
      // Their deletion was sent: where they are gone, it was that.
      const sent = new Set(memory.sent as readonly string[] | undefined) // our own
      for (const pod of batch) {
        const attempt = await deleteOne(context, pod, sent)
        if (attempt === 'not-allowed' && forbidden === 'fails')
          return { step: 'failed', reason: text`Not allowed to delete pods in ${pod.namespace}.` }
        if (attempt !== 'again') done[pod.uid] = attempt
      }
      const result = wordsOf(Object.values(done))
      const left = pods.length - Object.keys(done).length
      const known = { outcomes: done, sent: [...sent] }
      if (left === 0) return { step: 'done', result, memory: known }
      const ms = batch.every(({ uid }) => done[uid]) ? world.pauses.batch : world.pauses.poll
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
  await note({ ...memory, sent: [...sent] }) // whoever goes on after an interruption knows whose deletion it was
  signal.throwIfAborted() // another worker may have it by now
  try {
    const { resourceVersion } = raw.metadata
    const outcome = await writes.remove('pods', { namespace, name }, { uid, resourceVersion }, signal)
    return outcome === 'absent' ? 'gone' : await deleted(context, pod)
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    if (error.code !== 'conflict' && error.code !== 'forbidden') throw error
    sent.delete(uid) // it was turned away
    return error.code === 'conflict' ? 'again' : 'not-allowed'
  }
}

async function deleted({ effect }: StepContext<unknown>, { namespace, name, uid }: StuckPod): Promise<'deleted'> {
  const target = { kind: 'Pod', namespace, name, uid }
  await effect({ key: uid, target, before: 'waits for its image', after: 'deleted' })
  return 'deleted'
}

function wordsOf(all: readonly Outcome[]): Text {
  const groups = Map.groupBy(all, (it) => outcomes[it])
  const parts = [...groups].map(([words, each]) => text`${counted(each.length, 'pod')} ${{ parts: [words] }}`)
  return parts.length > 0 ? joinTexts(parts, ', ') : text`none`
}
