import { rawFields } from '../../kubernetes/raw-fields.ts'
import type { RawObject } from '../../kubernetes/raw-object.ts'
import { type Text, text } from '../../text.ts'
import type { Step } from '../step.ts'
import { rollable } from '../workload-of.ts'
import type { RestartTarget } from './restart.ts'

/** Waits until all pods of a workload are those of its template as it is now, and ready. It only looks. */
export function rolledOut<D>(of: (details: D) => RestartTarget): Step<D> {
  return {
    id: 'rolled-out',
    title: () => 'Its pods replaced',
    async run({ world, writes, details, since, signal }) {
      const { kind, namespace, name } = of(details)
      const object = await writes.raw(rollable[kind], { namespace, name }, signal)
      if (!object) return { step: 'failed', reason: text`${kind} ${namespace}/${name} is gone.` }
      const { done, words } = progressOf(object)
      if (done) return { step: 'done', result: words }
      if (world.incidents.now().getTime() - since.getTime() > world.pauses.patience)
        return { step: 'failed', reason: text`${kind} ${namespace}/${name} is not rolled out: ${words}.` }
      return { step: 'wait', ms: world.pauses.poll, result: words }
    },
  }
}

/** As `kubectl rollout status` reads it, for each of the three kinds. */
function progressOf({ kind, metadata, spec, status }: RawObject): { readonly done: boolean; readonly words: Text } {
  const number = (key: string): number => Number(rawFields.at(status, key) ?? 0)
  const daemon = kind === 'DaemonSet'
  const desired = daemon ? number('desiredNumberScheduled') : Number(rawFields.at(spec, 'replicas') ?? 1)
  const updated = number(daemon ? 'updatedNumberScheduled' : 'updatedReplicas')
  const ready = number(daemon ? 'numberReady' : 'readyReplicas')
  const all = daemon ? desired : number('replicas')
  const seen = number('observedGeneration') >= Number(metadata.generation ?? 0)
  const done = seen && updated >= desired && ready >= desired && all <= desired
  return { done, words: text`${Math.min(updated, ready)} of ${desired} new and ready` }
}
