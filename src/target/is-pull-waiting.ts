import type { Pod } from '../kubernetes/resources.ts'

const notPulling: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'RunContainerError',
  'CreateContainerError',
  'CreateContainerConfigError',
])

/** A container waits, and not merely for its turn or because it crashed: most likely for its image. */
export function isPullWaiting({ status }: Pod): boolean {
  const statuses = [...status.initContainerStatuses, ...status.containerStatuses, ...status.ephemeralContainerStatuses]
  return statuses.some(({ state: { waiting } }) => {
    if (!waiting || notPulling.has(waiting.reason)) return false
    return waiting.reason !== 'ContainerCreating' && waiting.reason !== 'PodInitializing'
  })
}
