import type { Pod } from '../kubernetes/resources.ts'

// Every other reason is about the image: some are free text (a pull secret's decoding error), so that the ones that
// are not have to be listed. From pkg/kubelet/kuberuntime and pkg/kubelet/container/sync_result.go of Kubernetes 1.36.
const notAboutImages: ReadonlySet<string> = new Set([
  ...['', 'ContainerCreating', 'PodInitializing', 'CrashLoopBackOff'],
  ...['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError', 'RunInitContainerError'],
  ...['PreCreateHookError', 'PreStartHookError', 'PostStartHookError', 'KillContainerError', 'VerifyNonRootError'],
  ...['CreatePodSandboxError', 'ConfigPodSandboxError', 'KillPodSandboxError', 'ResizePodInPlaceError'],
])

/** A container waits for its image: not merely for its turn, and not because it crashed. */
export function isPullWaiting({ status }: Pod): boolean {
  const statuses = [...status.initContainerStatuses, ...status.containerStatuses, ...status.ephemeralContainerStatuses]
  return statuses.some(({ state: { waiting } }) => waiting !== undefined && !notAboutImages.has(waiting.reason))
}
