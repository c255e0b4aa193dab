import { z } from 'zod'
import { counted, plain, text } from '../../text.ts'
import { action, type Offering, type Situation } from '../action.ts'
import { rightsIn } from '../action-id.ts'
import { defaultActionTiming } from '../settings.ts'
import { asStuckPod, inBoth, type StuckPod, stuckPodSchema, stuckPods } from '../sources/stuck-pods.ts'
import { awaitReady, deletePods } from '../steps/pods.ts'
import { cutName } from './wording.ts'

const onePodSchema = z.object({ pod: stuckPodSchema })
type OnePodDetails = z.infer<typeof onePodSchema>

/** Deletes a pod, so that its owner creates another one whose image is pulled at once and not after the back-off. */
export const deleteStuckPod = action<OnePodDetails>({
  id: 'delete-stuck-pod',
  label: 'Delete stuck pod',
  who: 'permitted',
  checkedAnew: true,
  details: onePodSchema,

  offer(situation) {
    const { facts } = situation
    if (!facts.pod) return undefined
    const sensible = mayDeletePods(situation)
    if (!sensible || sensible.offered === 'no') return sensible
    if (!asStuckPod(facts.pod)) return { offered: 'no', reason: text`nothing would create this pod again` }
    return sensible
  },

  async plan(situation, { cluster }, signal) {
    const { facts, incident } = situation
    const { namespace = '', name = '' } = facts.pod?.metadata ?? {}
    const [pod, another] = await stuckPods(cluster, incident, undefined, signal)
    if (another) return undefined // deleting several pods is another action
    if (!pod || pod.uid !== facts.pod?.metadata.uid)
      return { refused: text`Pod ${namespace}/${name} no longer waits for its image.` }
    const serving = incident.affected.workloads.find((it) => it.state === 'failing')?.ready ?? 0
    return {
      namespace,
      target: { kind: 'Pod', namespace, name, uid: pod.uid },
      details: { pod },
      confirm: {
        title: 'Delete this pod?',
        yes: 'Delete pod',
        sentences: [
          `Deletes 1 pod, ${cutName(pod.name)}, in ${cutName(incident.cluster, 30)} / ${cutName(namespace)}.`,
          ...deletionWarning(situation, pod.node),
          `Its ${ownerWords(pod)} creates a new one${serving > 0 ? `; ${plain(counted(serving, 'serving pod is', 'serving pods are'))} not touched` : ''}.`,
        ],
      },
    }
  },

  needs: ({ pod }) => rightsIn('delete-stuck-pod', pod.namespace),
  steps: [deletePods({ pods: ({ pod }) => [pod], forbidden: 'fails' }), awaitReady()],
})

function ownerWords({ owner }: StuckPod): string {
  return owner.split(' ')[0] ?? 'owner'
}

const detailsSchema = z.object({ pods: z.array(stuckPodSchema) })
type Details = z.infer<typeof detailsSchema>

/** The same for all pods of an incident, twenty at a time. Pods that were replaced in the meantime are not touched. */
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
    if (!first || !another) return undefined // deleting one pod is another action
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
        sentences: [
          `Deletes the ${pods.length} pods of this incident that wait for their image, 20 at a time, in ${cutName(incident.cluster, 30)} / ${cutName(places.join(', '), 60)}.`,
          ...deletionWarning(situation, nodes.size === 1 ? first.node : ''),
          'Their owners create new ones. Pods that run are not touched.',
        ],
      },
    }
  },

  needs: ({ pods }) =>
    [...new Set(pods.map(({ namespace }) => namespace))].flatMap((it) => rightsIn('delete-stuck-pods', it)),
  // Some pods recover before the click, so each pod is compared by its uid when it is its turn.
  binds: () => 'each pod by its uid',
  narrowed: (now, offered) => ({ ...now, pods: inBoth(now.pods, offered.pods) }),
  steps: [deletePods({ pods: ({ pods }) => pods, forbidden: 'fails' }), awaitReady()],
})

/** Causes for which a new pod makes things worse or changes nothing. */
const never: Readonly<Record<string, string>> = {
  'pulls-throttled': 'the node pulls too much already: a new pod would pull once more',
  'rate-limited': 'the registry counts pulls: a new pod would pull once more',
  'pull-queued': 'the pull waits for its turn: a new pod would begin at the end',
  'invalid-image-name': 'the name stays what it is: correct it',
}

/** Causes that are repaired, while the pod still waits for its back-off. */
const mended: ReadonlySet<string> = new Set(['stale-backoff', 'pull-secret-not-attached'])

// About one node or its network: a new pod may land on another node. The warning says what to do first.
const ofNode: ReadonlySet<string> = new Set([
  ...['tls-handshake-failed', 'tls-handshake-timeout', 'certificate-untrusted', 'plain-http-registry'],
  ...['node-resolver-broken', 'proxy-failed', 'registry-unroutable', 'connection-reset', 'registry-timeout'],
  ...['node-disk-full', 'node-filesystem-fault', 'image-inspect-failed', 'corrupt-content', 'pull-stalled'],
])

/** Tells whether deleting pods that wait for their image helps, by the verdict. Pure. */
export function mayDeletePods({ facts, incident, now }: Situation): Offering {
  const { cause } = facts.failing.verdict
  const why = Object.hasOwn(never, cause) ? never[cause] : undefined
  if (why) return { offered: 'no', reason: text`${{ parts: [why] }}` }
  if (cause === 'stale-backoff' && facts.manifest.known && facts.manifest.value.answer.status === 'missing')
    return { offered: 'no', reason: text`the registry does not have the image, so a new pod would fail the same way` }
  if (recovering(incident, now))
    return { offered: 'no', reason: text`the registry was restarted, and its pods recover by themselves` }
  if (mended.has(cause)) return { offered: 'primary' }
  const inCluster = facts.service.known && facts.service.value !== undefined
  return ofNode.has(cause) && !inCluster ? { offered: 'button' } : undefined
}

/** A registry that was just restarted should not be asked by all pods at once. */
function recovering({ actions }: Situation['incident'], now: Date): boolean {
  const restart = actions.findLast((it) => it.action === 'restart-registry' && it.state === 'done')
  return restart?.endedAt !== undefined && now.getTime() - Date.parse(restart.endedAt) < defaultActionTiming.recover
}

/** Returns the confirmation's sentences about what may still go wrong. */
export function deletionWarning({ facts }: Pick<Situation, 'facts'>, node: string): readonly string[] {
  const { cause, title } = facts.failing.verdict
  if (mended.has(cause)) return []
  const first = node ? ` cordon ${node} first.` : ''
  return [
    `The cause remains (${title.toLowerCase()}): a new pod may land on ${node || 'the same node'} and fail the same way;${first}`,
  ]
}
