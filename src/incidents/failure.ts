import type { Pod } from '../kubernetes/resources.ts'
import { kinds, type Place } from '../messages/row.ts'
import { referenceOf } from '../playbooks/image-pull/evidence/answers.ts'
import type { ContainerPull } from '../playbooks/image-pull/inputs.ts'
import type { Diagnosis } from '../playbooks/image-pull/model.ts'
import { readPulls } from '../playbooks/image-pull/pulls.ts'
import { apiHost } from '../registry/http/public-registries.ts'
import { type Workload, workloadOfPod } from '../target/pods.ts'

/** One container that cannot pull, as read from the kubelet's message before any diagnosis. */
export interface Failure {
  readonly cluster: string
  readonly namespace: string
  readonly pod: string
  readonly uid: string
  readonly node: string
  readonly workload: Workload
  readonly image: string
  /** The host that the node contacted. If the message does not name it, the host of the image. */
  readonly host: string
  readonly at: Place
  /** The pull secrets that the pod names. Pods with the same secrets get the same answers. */
  readonly secrets: readonly string[]
  /** RFC 3339: since when the pod is not ready. A pod that was never ready counts from its creation. */
  readonly since: string
}

/** Reads the first container of a pod that fails to pull. undefined: none does. */
export function toFailure(cluster: string, pod: Pod, now: Date): Failure | undefined {
  const pull = readPulls(pod, [], now).find(({ state }) => state === 'failing')
  return pull && toPullFailure(cluster, pod, pull)
}

function toPullFailure(cluster: string, pod: Pod, pull: ContainerPull): Failure {
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
    secrets: listSecrets(pod),
    since: notReadySince(pod) ?? creationTimestamp,
  }
}

/** Lists the names of the pull secrets in order. */
function listSecrets({ spec }: Pod): readonly string[] {
  return spec.imagePullSecrets.map(({ name }) => name).toSorted()
}

/** The kubelet sets the condition when it first sees the pod, and then when it changes. */
function notReadySince({ status }: Pod): string | undefined {
  const ready = status.conditions.find(({ type }) => type === 'Ready')
  return ready?.status === 'False' ? (ready.lastTransitionTime ?? undefined) : undefined
}

/**
 * Returns the failure that a diagnosis found and that the pod's status alone does not show: a build Job, a container
 * that crashed.
 */
export function toDiagnosedFailure(
  { target, failing }: Diagnosis,
  pod: Pod | undefined,
  now: Date,
): Failure | undefined {
  const [first] = failing
  if (!first) return undefined
  const { cluster, namespace, node } = target
  return {
    cluster,
    namespace,
    pod: target.pod,
    uid: pod?.metadata.uid ?? '',
    node,
    workload: pod ? workloadOfPod(pod) : toWorkload(target),
    image: first.image,
    host: first.host ?? apiHost(referenceOf(first.image)?.host ?? ''),
    at: first.at,
    secrets: pod?.spec.imagePullSecrets.map(({ name }) => name).toSorted() ?? [],
    since: pod?.metadata.creationTimestamp || now.toISOString(),
  }
}

function toWorkload({ namespace, owner, pod }: Diagnosis['target']): Workload {
  const { kind, name } = owner ?? { kind: 'Pod', name: pod }
  return { kind, name, key: `${namespace}/${kind}/${name}` }
}

export interface FailureRow {
  readonly host: string
  readonly image: string
  readonly pods: number
  readonly workloads: number
  /** One of the pods, to ask about. */
  readonly target: string
}

/** Groups failures by registry and image, never by pod. The rows with the most pods come first. */
export function toFailureRows(failures: readonly Failure[]): readonly FailureRow[] {
  const groups = Map.groupBy(failures, ({ host, image }) => JSON.stringify([host, image]))
  const rows = [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const workloads = new Set([first, ...others].map(({ workload }) => workload.key)).size
    const { host, image, namespace, pod } = first
    return [{ host, image, pods: others.length + 1, workloads, target: `${namespace}/${pod}` }]
  })
  return rows.toSorted((a, b) => b.pods - a.pods)
}
