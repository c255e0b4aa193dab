import { z } from 'zod'
import { counted, plain, text } from '../text.ts'
import { action } from './action.ts'
import { cutName } from './cut-name.ts'
import { deletionWarning, mayDeletePods } from './may-delete-pods.ts'
import { awaitReady } from './steps/await-ready.ts'
import { deletePods } from './steps/delete-pods.ts'
import { asStuckPod, type StuckPod, stuckPodSchema, stuckPods } from './stuck-pods.ts'

const detailsSchema = z.object({ pod: stuckPodSchema })
type Details = z.infer<typeof detailsSchema>

/** Has a pod's image pulled at once instead of at the end of the back-off: its owner makes another one. */
export const deleteStuckPod = action<Details>({
  id: 'delete-stuck-pod',
  label: 'Delete stuck pod',
  who: 'permitted',
  checkedAnew: true,
  details: detailsSchema,

  offer(situation) {
    const { facts } = situation
    if (!facts.pod) return undefined
    const sensible = mayDeletePods(situation)
    if (!sensible || sensible.offered === 'no') return sensible
    if (!asStuckPod(facts.pod)) return { offered: 'no', reason: text`nothing would make this pod again` }
    return sensible
  },

  async plan(situation, { cluster }, signal) {
    const { facts, incident } = situation
    const { namespace = '', name = '' } = facts.pod?.metadata ?? {}
    const [pod, another] = await stuckPods(cluster, incident, undefined, signal)
    if (another) return undefined // all of them at once are another action
    if (!pod || pod.uid !== facts.pod?.metadata.uid)
      return { refused: text`Pod ${namespace}/${name} does not wait any more.` }
    const serving = incident.affected.workloads.find((it) => it.state === 'failing')?.ready ?? 0
    return {
      namespace,
      target: { kind: 'Pod', namespace, name, uid: pod.uid },
      details: { pod },
      confirm: {
        title: 'Delete this pod?',
        yes: 'Delete pod',
        says: [
          `Deletes 1 pod, ${cutName(pod.name)}, in ${cutName(incident.cluster, 30)} / ${cutName(namespace)}.`,
          ...deletionWarning(situation, pod.node),
          `Its ${ownerWords(pod)} makes a new one${serving > 0 ? `; ${plain(counted(serving, 'serving pod is', 'serving pods are'))} not touched` : ''}.`,
        ],
      },
    }
  },

  needs: ({ pod }) => [{ verb: 'delete', resource: 'pods', namespace: pod.namespace }],
  steps: [deletePods({ pods: ({ pod }) => [pod], forbidden: 'fails' }), awaitReady()],
})

function ownerWords({ owner }: StuckPod): string {
  return owner.split(' ')[0] ?? 'owner'
}
