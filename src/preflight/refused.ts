import type { Cluster } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import { workloadResource } from '../kubernetes/kinds.ts'
import type { PodEvent } from '../kubernetes/resources.ts'
import { refusalOfEvent } from '../playbooks/image-pull/admission/refusal.ts'
import { admissionVerdict } from '../playbooks/image-pull/admission/verdict.ts'
import type { PullVerdict } from '../playbooks/image-pull/model.ts'
import { pullsOf } from './pulled-images.ts'
import type { ImageReport } from './report.ts'
import type { WouldBePod } from './would-be-pods.ts'

/**
 * Pods that a policy refused lately, as events tell, and would refuse again: of a workload whose images are the same now, or
 * where the policy's own words name the image. An event is of the past, so none of them is more than likely.
 */
export async function refusedBefore(pods: readonly WouldBePod[], cluster: Cluster): Promise<readonly ImageReport[]> {
  const events = await failedCreates(cluster)
  if (events.length === 0) return []
  const rows = await Promise.all(pods.map((pod) => refusedOne(pod, events, cluster)))
  return rows.flatMap((row) => row ?? [])
}

/** Where events may not be listed, no refusal is known. */
async function failedCreates(cluster: Cluster): Promise<readonly PodEvent[]> {
  try {
    return (await cluster.list('events', { fields: { reason: 'FailedCreate' } })).items
  } catch (error) {
    if (error instanceof ClusterError) return []
    throw error
  }
}

async function refusedOne(
  would: WouldBePod,
  events: readonly PodEvent[],
  cluster: Cluster,
): Promise<ImageReport | undefined> {
  const { kind, name, pod } = would
  const { namespace } = pod.metadata
  const images = pullsOf(pod).map(({ image }) => image)
  for (const event of events.filter(({ involvedObject }) => involvedObject.namespace === namespace)) {
    const verdict = admissionVerdict(refusalOfEvent(event), { namespace, owner: `${kind} ${name}`, images, pods: 0 })
    const named = verdict && images.find((image) => names(event.message, image))
    const again = verdict && (named !== undefined || (await isOfSame(event, would, images, cluster)))
    if (verdict && again) return rowOf(would, verdict, named ?? images[0] ?? '')
  }
  return undefined
}

/** As a whole: `app:1` is not named by `app:10`. */
function names(words: string, image: string): boolean {
  const at = words.indexOf(image)
  return (
    image !== '' &&
    at >= 0 &&
    !/[\w./:@-]/.test(words.charAt(at - 1)) &&
    !/[\w/:@-]/.test(words.charAt(at + image.length))
  )
}

/** The refused object is the workload's own, and names just these images. */
async function isOfSame(
  { involvedObject }: PodEvent,
  { kind, name, pod }: WouldBePod,
  images: readonly string[],
  cluster: Cluster,
): Promise<boolean> {
  const own = involvedObject.kind === kind ? involvedObject.name === name : involvedObject.name.startsWith(`${name}-`)
  const resource = involvedObject.kind === 'Job' ? 'jobs' : workloadResource(involvedObject.kind)
  if (!own || !resource) return false
  const { namespace } = pod.metadata
  const maker = await cluster.get(resource, { namespace, name: involvedObject.name }).catch(() => undefined)
  const spec = maker?.spec.template?.spec
  const before = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ image }) => image)
  return before.length > 0 && before.toSorted().join('\n') === images.toSorted().join('\n')
}

function rowOf({ kind, name, pod, placeOf }: WouldBePod, verdict: PullVerdict, image: string): ImageReport {
  const likely = { ...verdict, confidence: 'likely' as const }
  const diagnosis = {
    ...{ container: '', image, at: 'policy' as const, verdict: likely, also: [], chain: [likely] },
    ...{ undetermined: [], change: undefined },
  }
  const container = pullsOf(pod).find((it) => it.image === image)?.container ?? ''
  return {
    image,
    checked: { status: 'fails', diagnosis, notes: [], platforms: [], digests: [] },
    nodePlatforms: [],
    users: [{ kind, namespace: pod.metadata.namespace, name, container, place: placeOf(container) }],
  }
}
