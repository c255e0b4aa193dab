import type { Pod } from '../kubernetes/resources.ts'
import { kinds, type Place } from '../messages/row.ts'
import { referenceOf } from '../playbooks/image-pull/evidence/answers.ts'
import type { ContainerPull } from '../playbooks/image-pull/inputs.ts'
import type { Diagnosis } from '../playbooks/image-pull/model.ts'
import { readPulls } from '../playbooks/image-pull/pulls.ts'
import { apiHost } from '../registry/http/public-registries.ts'
import { type Workload, workloadOfPod } from '../target/pods.ts'

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
export function toFailure(cluster: string, pod: Pod, now: Date): Failure | undefined {
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

/** What a diagnosis found to fail where the pod's status alone does not tell: a build Job, a container that crashed. */
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
    workload: pod ? workloadOfPod(pod) : workloadOf(target),
    image: first.image,
    host: first.host ?? apiHost(referenceOf(first.image)?.host ?? ''),
    at: first.at,
    secrets: pod?.spec.imagePullSecrets.map(({ name }) => name).toSorted() ?? [],
    since: pod?.metadata.creationTimestamp || now.toISOString(),
  }
}

function workloadOf({ namespace, owner, pod }: Diagnosis['target']): Workload {
  const { kind, name } = owner ?? { kind: 'Pod', name: pod }
  return { kind, name, key: `${namespace}/${kind}/${name}` }
}

export interface FailureRow {
  readonly host: string
  readonly image: string
  readonly pods: number
  readonly workloads: number
  /** One of them, to be asked about. */
  readonly target: string
}

/** By registry and image, never by pod; the most pods first. */
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
