import { isOver } from '../../incidents/transition.ts'
import { text } from '../../text.ts'
import type { Step } from '../step.ts'

/** Waits for the kubelets' own next tries: a registry that has just come back is not to be asked by all pods at once. */
export function podsRecover<D>(): Step<D> {
  return {
    id: 'recover',
    title: () => 'Pods recover by themselves',
    async run({ world, approval, since }) {
      const { incidents, queue, now } = world.incidents
      const incident = await incidents.read(approval.incident)
      if (!incident || isOver(incident)) return { step: 'done' }
      const { failing, pods } = incident.affected
      const words = text`${Math.max(0, pods - failing)} of ${pods}`
      if (failing === 0) return { step: 'done', result: words }
      if (now().getTime() - since.getTime() > world.pauses.recover)
        return { step: 'failed', reason: text`The registry answers, and ${failing} of ${pods} pods still wait.` }
      await queue.add('look', incident.cluster)
      return { step: 'wait', ms: world.pauses.poll, result: words }
    },
  }
}
