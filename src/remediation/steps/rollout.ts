import { z } from 'zod'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import type { RawObject } from '../../kubernetes/raw-object.ts'
import type { ResourceName } from '../../kubernetes/resources.ts'
import type { ClusterWrites } from '../../kubernetes/writes.ts'
import { type Text, text } from '../../text.ts'
import { canonicalHash } from '../canonical-hash.ts'
import { toMarks } from '../sources/job.ts'
import type { Step } from '../step.ts'

export const restartTargetSchema = z.object({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']),
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
})
export type RestartTarget = z.infer<typeof restartTargetSchema>

// The annotation that `kubectl rollout restart` writes.
const restartedAt = 'kubectl.kubernetes.io/restartedAt'

/**
 * Changes an annotation in the pods' template, so that the pods are replaced. The object itself shows that it was done.
 * @param spec The hash of the examined template.
 */
export function restart<D>(of: (details: D) => RestartTarget & { readonly spec: string }): Step<D> {
  return {
    id: 'restart',
    title: () => 'Restart',
    async run(context) {
      const { writes, approval, details, signal, effect } = context
      const { kind, namespace, name, uid, spec } = of(details)
      const resource = rollable[kind]
      const object = await writes.raw(resource, { namespace, name }, signal)
      if (!object || object.metadata.uid !== uid)
        return { step: 'failed', reason: text`${kind} ${namespace}/${name} is gone or was replaced. Nothing was done.` }
      const before = readRestarts(object)
      const change = { key: uid, target: { kind, namespace, name, uid }, after: 'its pods are replaced' }
      if (before.some((it) => it.approval === approval.id)) {
        await effect(change)
        return { step: 'done', result: text`asked for` }
      }
      if (canonicalHash(object.spec) !== spec)
        return {
          step: 'failed',
          reason: text`${kind} ${namespace}/${name} was changed in the meantime. Nothing was done.`,
        }
      const at = approval.decidedBy?.at ?? ''
      const annotations = { ...toMarks(approval), [restartsMark]: withRestart(before, { at, approval: approval.id }) }
      const template = { metadata: { annotations: { [restartedAt]: at } } }
      signal.throwIfAborted() // another worker may have the action now
      try {
        const { resourceVersion } = object.metadata
        const patch = { metadata: { annotations }, spec: { template } }
        await writes.patch(resource, { namespace, name }, { type: 'strategic', patch, uid, resourceVersion }, signal)
      } catch (error) {
        if (error instanceof ClusterError && error.code === 'conflict') return { step: 'wait', ms: 0 }
        throw error
      }
      await effect(change)
      return { step: 'done', result: text`asked for` }
    },
  }
}

/** Waits until all pods of a workload have its current template and are ready. It changes nothing. */
export function rolledOut<D>(of: (details: D) => RestartTarget): Step<D> {
  return {
    id: 'rolled-out',
    title: () => 'Its pods replaced',
    async run({ now, timing, writes, details, since, signal }) {
      const { kind, namespace, name } = of(details)
      const object = await writes.raw(rollable[kind], { namespace, name }, signal)
      if (!object) return { step: 'failed', reason: text`${kind} ${namespace}/${name} is gone.` }
      const { done, words } = readProgress(object)
      if (done) return { step: 'done', result: words }
      if (now().getTime() - since.getTime() > timing.patience)
        return { step: 'failed', reason: text`${kind} ${namespace}/${name} is not rolled out: ${words}.` }
      return { step: 'wait', ms: timing.poll, result: words }
    },
  }
}

/** Reads the status of a roll-out as `kubectl rollout status` does, for each of the three kinds. */
function readProgress({ kind, metadata, spec, status }: RawObject): { readonly done: boolean; readonly words: Text } {
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

/** The annotation of imagepull's own restarts: `2026-11-24T03:09:00.000Z/Zk3…`, the newest last, separated by commas. */
export const restartsMark = 'imagepull.dev/restarts'

export interface Restart {
  /** RFC 3339. */
  readonly at: string
  readonly approval: string
}

const kept = 20

function readRestarts({ metadata }: RawObject): readonly Restart[] {
  const written = rawFields.text(rawFields.at(metadata, 'annotations', restartsMark))
  return written.split(',').flatMap((it) => {
    const [at = '', approval = ''] = it.split('/')
    return approval && !Number.isNaN(Date.parse(at)) ? [{ at, approval }] : []
  })
}

function withRestart(before: readonly Restart[], restart: Restart): string {
  return [...before, restart]
    .slice(-kept)
    .map(({ at, approval }) => `${at}/${approval}`)
    .join(',')
}

/** Counts the recent restarts by this program. @param window Milliseconds. */
export function restartsWithin(object: RawObject, window: number, now: Date): number {
  const since = now.getTime() - window
  return readRestarts(object).filter(({ at }) => Date.parse(at) > since).length
}

/** The kinds that roll out a changed template. */
export const rollable = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
} as const satisfies Readonly<Record<string, ResourceName>>
export type RollableKind = keyof typeof rollable

export interface RollableWorkload {
  readonly kind: RollableKind
  readonly object: RawObject
}

/** Finds the workload that rolls out a pod. undefined: it has none. Throws ClusterError. */
export async function findWorkload(
  raw: ClusterWrites['raw'],
  pod: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<RollableWorkload | undefined> {
  const { namespace } = pod
  let current = await raw('pods', pod, signal)
  for (let above = 0; above < 2 && current; above++) {
    const owner = rawFields.list(current.metadata.ownerReferences).find(({ controller }) => controller === true)
    const kind = rawFields.text(owner?.kind)
    const name = rawFields.text(owner?.name)
    if (isRollable(kind)) {
      const object = await raw(rollable[kind], { namespace, name }, signal)
      return object?.metadata.uid === owner?.uid && object ? { kind, object } : undefined
    }
    current = kind === 'ReplicaSet' ? await raw('replicasets', { namespace, name }, signal) : undefined
  }
  return undefined
}

export function isRollable(kind: string): kind is RollableKind {
  return Object.hasOwn(rollable, kind)
}
