import { z } from 'zod'
import { muteWorkload } from '../../incidents/mute.ts'
import { text } from '../../text.ts'
import { action } from '../action.ts'
import type { Step } from '../step.ts'

const detailsSchema = z.object({ workload: z.string(), kind: z.string(), key: z.string() })
type Details = z.infer<typeof detailsSchema>

const choiceSchema = z.object({
  /** At most one day: a longer mute would be forgotten. */
  minutes: z.coerce
    .number()
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .default(60),
  of: z.enum(['incident', 'workload']).default('incident'),
})

const keepQuiet: Step<Details> = {
  id: 'mute',
  title: () => 'Muted',
  async run({ store, incidents, queue, incident, approval, details, effect }) {
    const { minutes, of } = choiceSchema.catch(choiceSchema.parse({})).parse(approval.choice)
    const { user = '', at = '' } = approval.decidedBy ?? {}
    const until = new Date(Date.parse(at) + minutes * 60_000).toISOString()
    if (of === 'workload')
      await muteWorkload(store, { cluster: incident.cluster, key: details.key }, { until, by: user })
    await incidents.change(incident.id, (before) => ({ ...before, muted: { until, by: user } }))
    await queue.add('look', incident.cluster, { delay: minutes * 60_000 })
    await effect({ key: of, after: `quiet until ${until}` })
    return { step: 'done', result: text`${of === 'workload' ? details.workload : 'this incident'} until ${until}` }
  },
}

/** Stops notifications for a time. The thread stays visible. */
export const mute = action<Details>({
  id: 'mute',
  label: 'Mute',
  who: 'permitted',
  checkedAnew: false,
  details: detailsSchema,

  offer: ({ incident }) =>
    incident.muted ? { offered: 'no', reason: text`it is muted until ${incident.muted.until}` } : { offered: 'menu' },

  async plan({ incident }) {
    const { namespace, workload } = incident.subject
    const { kind, name, key } = workload
    return {
      namespace,
      target: { kind, namespace, name, uid: '' },
      details: { workload: `${kind} ${name}`, kind, key },
      confirm: {
        title: 'Mute?',
        yes: 'Mute',
        sentences: [
          'Until then, nobody is notified of news. The thread still shows the current state, and when it is fixed.',
        ],
      },
    }
  },

  needs: () => [],
  steps: [keepQuiet],
})
