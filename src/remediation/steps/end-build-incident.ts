import { transition } from '../../incidents/transition.ts'
import { rawFields } from '../../kubernetes/raw-fields.ts'
import { text } from '../../text.ts'
import type { Step } from '../step.ts'
import { awaitReady } from './await-ready.ts'

interface Ended {
  /** The incident is about the build itself. */
  readonly ofBuild: boolean
  readonly destinations: readonly string[]
}

/** An incident about a build is over when a build has passed; any other, when its pods are ready. */
export function endBuildIncident<D>(of: (details: D) => Ended): Step<D> {
  const ready = awaitReady<D>()
  return {
    ...ready,
    async run(context) {
      const { ofBuild, destinations } = of(context.details)
      if (!ofBuild) return ready.run(context)
      const { incidents, queue, now } = context.world.incidents
      const { name } = context.memoryOf('create')
      const job = rawFields.text(name)
      const proof = [text`Job ${job} has built and pushed ${destinations.join(', ')}`]
      await incidents.change(context.approval.incident, (before) =>
        transition(before, { what: 'ended', at: now().toISOString(), how: 'fixed', proof }),
      )
      await queue.add('sync-thread', context.approval.incident)
      return { step: 'done', result: text`no pod waits for it` }
    },
  }
}
