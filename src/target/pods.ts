import type { Pod } from '../kubernetes/resources.ts'

/** Orders pods by relevance: not being deleted, failing, of the newest revision, newest. */
export function orderPods(pods: readonly Pod[], revisionOf: (pod: Pod) => number = () => 0): readonly Pod[] {
  return pods.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      revisionOf(b) - revisionOf(a) ||
      b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp),
  )
}

function rank(pod: Pod): number {
  const deleted = pod.metadata.deletionTimestamp ? 3 : 0
  if (isPullWaiting(pod)) return deleted
  return deleted + (isFine(pod) ? 2 : 1)
}

function isFine({ status }: Pod): boolean {
  return status.phase === 'Succeeded' || status.conditions.some((it) => it.type === 'Ready' && it.status === 'True')
}

// Every other reason is about the image. Some of those are free text (a pull secret's decoding error), so this lists the
// reasons that are not about images. From pkg/kubelet/kuberuntime and pkg/kubelet/container/sync_result.go of Kubernetes 1.36.
const notAboutImages: ReadonlySet<string> = new Set([
  ...['', 'ContainerCreating', 'PodInitializing', 'CrashLoopBackOff'],
  ...['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError', 'RunInitContainerError'],
  ...['PreCreateHookError', 'PreStartHookError', 'PostStartHookError', 'KillContainerError', 'VerifyNonRootError'],
  ...['CreatePodSandboxError', 'ConfigPodSandboxError', 'KillPodSandboxError', 'ResizePodInPlaceError'],
])

/** Whether a container waits for its image, and not for its turn or because it crashed. */
export function isPullWaiting({ status }: Pod): boolean {
  const statuses = [...status.initContainerStatuses, ...status.containerStatuses, ...status.ephemeralContainerStatuses]
  return statuses.some(({ state: { waiting } }) => waiting !== undefined && !notAboutImages.has(waiting.reason))
}

export interface Workload {
  readonly kind: string
  readonly name: string
  /** Equal for all pods of the workload, and only for them. */
  readonly key: string
}

/**
 * Finds the workload of a pod from its metadata alone. During a rollout, a Deployment has pods of two ReplicaSets, whose
 * names are the Deployment's name and a hash. The name of a CronJob's Job is the CronJob's name and a minute.
 */
export function workloadOfPod({ metadata }: Pod): Workload {
  const { namespace, ownerReferences, labels } = metadata
  const workload = (kind: string, name: string): Workload => ({ kind, name, key: `${namespace}/${kind}/${name}` })
  const owner = ownerReferences.find((reference) => reference.controller)
  if (!owner) return workload('Pod', metadata.name)
  if (owner.kind === 'Job') return workload('Job', owner.name.replace(/-\d{8,10}$/, ''))
  const hash = `-${labels['pod-template-hash']}`
  return owner.kind === 'ReplicaSet' && owner.name.endsWith(hash)
    ? workload('Deployment', owner.name.slice(0, -hash.length))
    : workload(owner.kind, owner.name)
}
