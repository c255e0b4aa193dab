import type { Pod } from '../kubernetes/resources.ts'
import { kinds, type Place } from '../messages/kinds.ts'
import type { ContainerPull } from '../playbooks/image-pull/pull.ts'
import { readPulls } from '../playbooks/image-pull/read-pulls.ts'
import { referenceOf } from '../playbooks/image-pull/reference-of.ts'
import { apiHost } from '../registry/public-registries.ts'
import { type Workload, workloadOfPod } from '../target/workload-of-pod.ts'

/** One container that cannot pull, as far as the kubelet's words tell: a reading, before any diagnosis. */
export interface Failure {
  readonly cluster: string
  readonly namespace: string
  readonly pod: string
  readonly uid: string
  readonly node: string
  readonly workload: Workload
  readonly image: string
  /** The host that the node contacted; where the words do not tell, the one that the image names. */
  readonly host: string
  readonly at: Place
  /** The pull secrets that the pod names: who has the same ones is given the same answers. */
  readonly secrets: readonly string[]
  /** RFC 3339: since when the pod is not ready; where it never was, since it is there. */
  readonly since: string
}

/** The first container of a pod that fails to pull. undefined: none does. */
export function failureOf(cluster: string, pod: Pod, now: Date): Failure | undefined {
  const pull = readPulls(pod, [], now).find(({ state }) => state === 'failing')
  return pull && failureOfPull(cluster, pod, pull)
}

function failureOfPull(cluster: string, pod: Pod, pull: ContainerPull): Failure {
  const { namespace, name, uid, creationTimestamp } = pod.metadata
  const kind = pull.said?.reading.kind
  return {
    cluster,
    namespace,
    pod: name,
    uid,
    node: pod.spec.nodeName,
    workload: workloadOfPod(pod),
    image: pull.image,
    host: pull.said?.reading.host ?? apiHost(referenceOf(pull.image)?.host ?? ''),
    at: kind ? kinds[kind].at : 'nowhere',
    secrets: secretsOf(pod),
    since: notReadySince(pod) ?? creationTimestamp,
  }
}

/** By name, in order. */
function secretsOf({ spec }: Pod): readonly string[] {
  return spec.imagePullSecrets.map(({ name }) => name).toSorted()
}

/** The kubelet sets the condition when it first sees the pod, and then when it changes. */
function notReadySince({ status }: Pod): string | undefined {
  const ready = status.conditions.find(({ type }) => type === 'Ready')
  return ready?.status === 'False' ? (ready.lastTransitionTime ?? undefined) : undefined
}
