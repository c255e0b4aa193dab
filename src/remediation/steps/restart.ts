import { z } from 'zod'
import { ClusterError } from '../../kubernetes/cluster-error.ts'
import { text } from '../../text.ts'
import { canonicalHash } from '../canonical-hash.ts'
import { marksOf } from '../marks-of.ts'
import { restartsMark, restartsOf, withRestart } from '../restarts-of.ts'
import type { Step } from '../step.ts'
import { rollable } from '../workload-of.ts'

export const restartTargetSchema = z.object({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']),
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
})
export type RestartTarget = z.infer<typeof restartTargetSchema>

// What `kubectl rollout restart` writes.
const restartedAt = 'kubectl.kubernetes.io/restartedAt'

/**
 * Changes a mark in the pods' template, so that they are rolled out anew. The object itself says that it was done. `spec`:
 * the hash of what was looked at.
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
      const before = restartsOf(object)
      const told = { key: uid, target: { kind, namespace, name, uid }, after: 'its pods are rolled out anew' }
      if (before.some((it) => it.approval === approval.id)) {
        await effect(told)
        return { step: 'done', result: text`asked for` }
      }
      if (canonicalHash(object.spec) !== spec)
        return { step: 'failed', reason: text`${kind} ${namespace}/${name} was changed meanwhile. Nothing was done.` }
      const at = approval.decidedBy?.at ?? ''
      const annotations = { ...marksOf(approval), [restartsMark]: withRestart(before, { at, approval: approval.id }) }
      const template = { metadata: { annotations: { [restartedAt]: at } } }
      signal.throwIfAborted() // another worker may have it by now
      try {
        const { resourceVersion } = object.metadata
        const patch = { metadata: { annotations }, spec: { template } }
        await writes.patch(resource, { namespace, name }, { type: 'strategic', patch, uid, resourceVersion }, signal)
      } catch (error) {
        if (error instanceof ClusterError && error.code === 'conflict') return { step: 'wait', ms: 0 }
        throw error
      }
      await effect(told)
      return { step: 'done', result: text`asked for` }
    },
  }
}
