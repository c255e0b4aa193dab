import { z } from 'zod'
import { ClusterError } from '../../kubernetes/errors.ts'
import { plain, text } from '../../text.ts'
import { action, type Offering, type PlanWorld, type Situation } from '../action.ts'
import { findRegistryWorkload } from '../sources/registry.ts'
import type { Step } from '../step.ts'
import { restartsWithin } from '../steps/rollout.ts'

const detailsSchema = z.object({ group: z.string() })
type Details = z.infer<typeof detailsSchema>

/** Milliseconds within which the group is not called again for the same incident. */
const callPause = 30 * 60_000

const call: Step<Details> = {
  id: 'call',
  title: () => 'Called',
  async run({ incident, details, effect }) {
    const { subject, verdicts, affected, cluster } = incident
    const down = affected.workloads
      .filter((it) => it.state === 'failing' && it.impact === 'down')
      .map(({ name }) => name)
    const hurt = down.length > 0 ? text`DOWN: ${down.slice(0, 3).join(', ')}` : text`nothing is down`
    const summary = text`${verdicts.at(-1)?.title ?? 'An image cannot be pulled'}: ${subject.image} for ${subject.namespace}/${subject.workload.name} in ${cluster}. ${hurt}, ${affected.failing} of ${affected.pods} pods still fail.`
    await effect({ key: details.group, after: plain(summary) })
    return { step: 'done', shows: { calls: { group: details.group, summary } } }
  },
}

/** Calls the group on duty in this thread, with a summary of what is known. */
export const escalate = action<Details>({
  id: 'escalate',
  label: 'Escalate',
  who: 'member',
  checkedAnew: false,
  details: detailsSchema,

  offer({ incident, settings, now, facts }): Offering {
    if (!settings.escalationGroup) return { offered: 'no', reason: text`no group is configured (escalation.group)` }
    const last = incident.actions.findLast((it) => it.action === 'escalate' && it.state === 'done')
    const since = last?.endedAt ? now.getTime() - Date.parse(last.endedAt) : Number.POSITIVE_INFINITY
    if (since < callPause) return { offered: 'no', reason: text`it was done at ${last?.endedAt ?? ''}` }
    return { offered: isAdvised(facts) ? 'button' : 'menu' }
  },

  async plan(situation, { raw }, signal) {
    const { incident, settings } = situation
    const { namespace, workload } = incident.subject
    const exhausted = await areRestartsExhausted(situation, raw, signal)
    return {
      namespace,
      target: { kind: workload.kind, namespace, name: workload.name, uid: '' },
      details: { group: settings.escalationGroup ?? '' },
      confirm: {
        title: 'Escalate?',
        yes: 'Escalate',
        sentences: [
          'Calls the group on duty by name in this thread, with a summary of what is known. Nothing is changed.',
        ],
      },
      ...(exhausted && { place: 'button' as const }),
    }
  },

  needs: () => [],
  steps: [call],
})

/**
 * Tells whether the registry was already restarted as often as allowed, so that only escalating is left. false also if
 * that cannot be read.
 */
async function areRestartsExhausted(
  { facts, settings, now }: Situation,
  raw: PlanWorld['raw'],
  signal: AbortSignal,
): Promise<boolean> {
  if (facts.failing.at !== 'way') return false
  const found = await findRegistryWorkload(facts, raw, signal).catch(undefinedIfUnreadable)
  return found !== undefined && restartsWithin(found.object, settings.restartWindow, now) >= settings.registryRestarts
}

function undefinedIfUnreadable(error: unknown): undefined {
  if (!(error instanceof ClusterError)) throw error
}

/**
 * Tells whether the verdict itself advises to escalate: a registry that restarts again and again, or a network problem
 * on many nodes.
 */
function isAdvised({ failing }: Situation['facts']): boolean {
  return failing.verdict.remedies.some((remedy) => remedy.kind === 'action' && remedy.escalates)
}
