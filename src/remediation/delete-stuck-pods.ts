import { z } from 'zod'
import { action } from './action.ts'
import { cutName } from './cut-name.ts'
import { deletionWarning, mayDeletePods } from './may-delete-pods.ts'
import { awaitReady } from './steps/await-ready.ts'
import { deletePods } from './steps/delete-pods.ts'
import { inBoth, stuckPodSchema, stuckPods } from './stuck-pods.ts'

const detailsSchema = z.object({ pods: z.array(stuckPodSchema) })
type Details = z.infer<typeof detailsSchema>

/** The same for all pods of an incident, twenty at a time. Those that are replaced meanwhile are not touched. */
export const deleteStuckPods = action<Details>({
  id: 'delete-stuck-pods',
  label: 'Delete stuck pods',
  who: 'permitted',
  checkedAnew: true,
  details: detailsSchema,

  offer: mayDeletePods,

  async plan(situation, { cluster }, signal) {
    const { facts, incident } = situation
    const pods = await stuckPods(cluster, incident, facts.pod, signal)
    const [first, another] = pods
    if (!first || !another) return undefined // one alone is another action
    const nodes = new Set(pods.map(({ node }) => node))
    const places = [...new Set(pods.map(({ namespace }) => namespace))]
    const { namespace, workload } = incident.subject
    const retry = incident.actions.some((it) => it.action === 'restart-registry' && it.endedAt !== undefined)
    return {
      namespace,
      target: { kind: workload.kind, namespace, name: workload.name, uid: '' },
      details: { pods: [...pods] },
      label: retry ? `Retry the last ${pods.length}` : `Delete ${pods.length} stuck pods`,
      confirm: {
        title: `Delete ${pods.length} pods?`,
        yes: 'Delete pods',
        says: [
          `Deletes the ${pods.length} pods of this incident that wait for their image, 20 at a time, in ${cutName(incident.cluster, 30)} / ${cutName(places.join(', '), 60)}.`,
          ...deletionWarning(situation, nodes.size === 1 ? first.node : ''),
          'Their owners make new ones. Pods that run are not touched.',
        ],
      },
    }
  },

  needs: ({ pods }) =>
    [...new Set(pods.map(({ namespace }) => namespace))].map((namespace) => ({
      verb: 'delete',
      resource: 'pods',
      namespace,
    })),
  // Some recover before the click: what is bound is each pod by its uid, when it is its turn.
  binds: () => 'each pod by its uid',
  narrowed: (now, offered) => ({ ...now, pods: inBoth(now.pods, offered.pods) }),
  steps: [deletePods({ pods: ({ pods }) => pods, forbidden: 'fails' }), awaitReady()],
})
