import { rawFields } from '../../kubernetes/cluster-client.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import type { RawObject } from '../../kubernetes/raw-object.ts'
import { text } from '../../text.ts'
import type { Approval } from '../approvals/approval.ts'
import { toMarks } from '../sources/job.ts'
import type { Step } from '../step.ts'
import { type RestartTarget, rollable } from './rollout.ts'

interface ImageChange {
  readonly workload: RestartTarget
  readonly container: string
  readonly from: string
  readonly to: string
}

/** The field manager that changed the image last, so that a later change by somebody else is kept. */
const mark = 'imagepull.dev/rolled-back-by'

/** Changes the image of one container if it is still the examined one. */
export function setImage<D>(of: (details: D) => ImageChange | undefined): Step<D> {
  return {
    id: 'image',
    title: () => 'Image',
    only: (details) => of(details) !== undefined,
    async run({ writes, approval, details, signal, effect }) {
      const change = of(details)
      if (!change) return { step: 'done' }
      const { workload, container, from, to } = change
      const { kind, namespace, name, uid } = workload
      const object = await writes.raw(rollable[kind], { namespace, name }, signal)
      if (!object || object.metadata.uid !== uid)
        return { step: 'failed', reason: text`${kind} ${namespace}/${name} is gone or was replaced. Nothing was done.` }
      const audited = { key: uid, target: workload, before: from, after: to }
      if (rawFields.at(object.metadata, 'annotations', mark) === approval.id) {
        await effect(audited)
        return { step: 'done', result: text`${to}` }
      }
      const now = readImage(object, container)
      if (now?.image !== from)
        return {
          step: 'failed',
          reason: text`The image is now ${now?.image ?? 'gone'}, and no longer ${from}. Nothing was done.`,
        }
      const annotations = { ...toMarks(approval), [mark]: approval.id }
      const patch = {
        metadata: { annotations },
        spec: { template: { spec: { [now.list]: [{ name: container, image: to }] } } },
      }
      signal.throwIfAborted() // another worker may have the action now
      try {
        const { resourceVersion } = object.metadata
        await writes.patch(
          rollable[kind],
          { namespace, name },
          { type: 'strategic', patch, uid, resourceVersion },
          signal,
        )
      } catch (error) {
        if (error instanceof ClusterError && error.code === 'conflict') return { step: 'wait', ms: 0 }
        throw error
      }
      await effect(audited)
      return { step: 'done', result: text`${to}` }
    },
  }
}

function readImage({ spec }: RawObject, container: string) {
  const lists = ['containers', 'initContainers'] as const
  for (const list of lists) {
    const all = rawFields.list(rawFields.at(spec, 'template', 'spec', list))
    const found = all.find(({ name }) => name === container)
    if (found) return { list, image: rawFields.text(found.image) }
  }
  return undefined
}

/** Shows a manifest or a diff in the thread, so that somebody can commit it. Nothing is changed. */
export function tellDocument<D>(of: (details: D) => NonNullable<Approval['document']> | undefined): Step<D> {
  return {
    id: 'document',
    title: () => 'Diff',
    only: (details) => of(details) !== undefined,
    async run({ details }) {
      const document = of(details)
      if (!document) return { step: 'done' }
      return { step: 'done', result: text`${document.file ?? 'below'}`, shows: { document } }
    },
  }
}
