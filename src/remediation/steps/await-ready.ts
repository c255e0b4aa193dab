import type { Incident } from '../../incidents/incident.ts'
import { isOver } from '../../incidents/transition.ts'
import { type Text, text } from '../../text.ts'
import type { Step, StepOutcome } from '../step.ts'

/** Waits until the incident itself is over: whoever looks at the cluster anyway decides that. */
export function awaitReady<D>(): Step<D> {
  return {
    id: 'ready',
    title: () => 'Ready for a minute',
    async run(context) {
      const { world, approval, since } = context
      const { incidents, queue, now } = world.incidents
      const incident = await incidents.read(approval.incident)
      if (!incident || isOver(incident)) return over(incident)
      const still = stillFails(incident, since)
      if (still) return { step: 'failed', reason: text`It still fails: ${still}.` }
      if (now().getTime() - since.getTime() > world.pauses.patience)
        return { step: 'failed', reason: text`It is not ready yet. I go on watching.` }
      await queue.add('look', incident.cluster)
      return { step: 'wait', ms: world.pauses.poll, result: readyWords(incident) }
    },
  }
}

function over(incident: Incident | undefined): StepOutcome {
  if (incident?.state === 'fixed' || incident?.state === 'quiet') return { step: 'done', result: readyWords(incident) }
  return { step: 'done', result: text`nothing is left that could become ready` }
}

/** The verdict of a check that began after all was done. A kubelet that only waits before its next try fails no more. */
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
