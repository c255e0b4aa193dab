import { check } from '../../../diagnosis/check.ts'
import type { Pod, Resource } from '../../../kubernetes/resources.ts'
import { rowById } from '../../../messages/rows.ts'
import { theCluster } from '../givens.ts'
import { readPulls } from '../read-pulls.ts'
import { readyEndpoints } from './impact.ts'
import { registryService } from './registry-service.ts'

/** What stands behind an in-cluster registry's Service. */
export interface RegistryBackend {
  readonly namespace: string
  readonly service: string
  readonly readyEndpoints: number
  /** The Service finds its pods by a selector; without one somebody else writes its endpoints. */
  readonly selects: boolean
  readonly pods: readonly RegistryPod[]
  /** Since when the Service is there with a ready pod of its own: RFC 3339. undefined: it is not, or nobody tells. */
  readonly availableSince?: string
}

export interface RegistryPod {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly ready: boolean
  /** RFC 3339. */
  readonly readySince?: string
  readonly restarts: number
  /** Why a container of it waits or last ended, such as OOMKilled or CrashLoopBackOff. */
  readonly trouble?: string
  /** Its own image cannot be pulled. `reads`: as which cause, in words. */
  readonly pull?: { readonly image: string; readonly reads?: string }
  /** `pod`: images live in the pod itself (emptyDir or its own file system) and go with it. */
  readonly storage: 'claim' | 'host' | 'pod'
  readonly startedAt?: string
  readonly limited: boolean
  /** Every container has a readiness probe: only then Ready means that it answers. */
  readonly probed: boolean
}

/** undefined: the image's registry does not run in this cluster. */
export const registryBackend = check({
  id: 'registry-backend',
  doing: 'Looking at the registry in the cluster',
  needs: { cluster: theCluster, service: registryService },
  async gather({ cluster, service }, signal): Promise<RegistryBackend | undefined> {
    if (!service) return undefined
    const { namespace, name, selector } = service
    const selects = Object.keys(selector).length > 0
    const [slices, pods] = await Promise.all([
      cluster.list('endpointslices', { namespace, labels: { 'kubernetes.io/service-name': name } }, signal),
      selects ? cluster.list('pods', { namespace, labels: selector }, signal) : undefined,
    ])
    const living = pods?.items.filter((pod) => !pod.metadata.deletionTimestamp) ?? []
    const described = living.map(describe)
    const since = availableSince(described, service.since)
    return {
      namespace,
      service: name,
      readyEndpoints: readyEndpoints(slices.items, name),
      selects,
      pods: described,
      ...(since && { availableSince: since }),
    }
  },
})

function availableSince(pods: readonly RegistryPod[], serviceSince: string): string | undefined {
  const [first] = pods.flatMap((pod) => pod.readySince ?? []).toSorted()
  return first && (first > serviceSince ? first : serviceSince)
}

function describe(pod: Pod): RegistryPod {
  const ready = pod.status.conditions.find((condition) => condition.type === 'Ready')
  const statuses = pod.status.containerStatuses
  const trouble = statuses.map(troubleOf).find((it) => it !== undefined)
  const pull = ownPullOf(pod)
  return {
    name: pod.metadata.name,
    labels: pod.metadata.labels,
    ready: ready?.status === 'True',
    ...(ready?.status === 'True' && ready.lastTransitionTime && { readySince: ready.lastTransitionTime }),
    restarts: Math.max(0, ...statuses.map((status) => status.restartCount)),
    ...(trouble && { trouble }),
    ...(pull && { pull }),
    storage: storageOf(pod),
    ...(pod.status.startTime && { startedAt: pod.status.startTime }),
    probed: pod.spec.containers.every((container) => container.readinessProbe !== undefined),
    limited: pod.spec.containers.every((container) => Object.keys(container.resources.limits).length > 0),
  }
}

type Status = Resource<'pods'>['status']['containerStatuses'][number]

function troubleOf({ ready, state, lastState }: Status): string | undefined {
  if (state.waiting) return state.waiting.reason || undefined
  if (lastState.terminated?.reason === 'OOMKilled') return 'OOMKilled'
  return ready ? undefined : (lastState.terminated?.reason ?? state.terminated?.reason)
}

function ownPullOf(pod: Pod): RegistryPod['pull'] {
  const failing = readPulls(pod, [], new Date()).find(({ state }) => state === 'failing')
  if (!failing) return undefined
  const cause = failing.said?.reading.cause
  const row = cause ? rowById(cause) : undefined
  return { image: failing.image, ...(row && { reads: row.title }) }
}

// Small volumes such as configuration and the ServiceAccount's token are no place for images.
function storageOf({ spec }: Pod): RegistryPod['storage'] {
  if (spec.volumes.some((volume) => volume.persistentVolumeClaim)) return 'claim'
  return spec.volumes.some((volume) => volume.hostPath) ? 'host' : 'pod'
}
