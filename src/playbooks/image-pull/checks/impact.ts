import { check } from '../../../diagnosis/check.ts'
import type { Cluster } from '../../../kubernetes/cluster.ts'
import type { Pod, Resource } from '../../../kubernetes/resources.ts'
import { theCluster, thePod } from '../givens.ts'
import { type Owner, owner } from './owner.ts'

/** Whether anybody is hurt. `no-traffic`: a Job, or a workload that is scaled to 0. */
export interface Impact {
  readonly state: 'down' | 'degraded' | 'serving' | 'no-traffic'
  readonly ready: number
  readonly desired: number
  /** The Services that select the pod, each with how many ready endpoints it has. */
  readonly services: readonly { readonly name: string; readonly ready: number }[]
}

export const impact = check({
  id: 'impact',
  doing: 'Looking who is hurt',
  needs: { cluster: theCluster, pod: thePod, owner },
  async gather({ cluster, pod, owner }, signal): Promise<Impact> {
    if (owner?.kind === 'Job' || owner?.kind === 'CronJob')
      return { state: 'no-traffic', ready: 0, desired: 0, services: [] }
    const { ready, desired } = replicasOf(pod, owner)
    return { state: stateOf(ready, desired), ready, desired, services: await servicesOf(cluster, pod, signal) }
  },
})

function replicasOf(pod: Pod, owner: Owner | undefined): { readonly ready: number; readonly desired: number } {
  const workload = owner?.workload
  if (!workload) return { ready: isReady(pod) ? 1 : 0, desired: 1 }
  const { spec, status } = workload
  return {
    ready: status.numberReady ?? status.readyReplicas,
    desired: status.desiredNumberScheduled ?? spec.replicas ?? 1,
  }
}

function isReady(pod: Pod): boolean {
  return pod.status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True')
}

function stateOf(ready: number, desired: number): Impact['state'] {
  if (desired === 0) return 'no-traffic'
  if (ready === 0) return 'down'
  return ready < desired ? 'degraded' : 'serving'
}

async function servicesOf(cluster: Cluster, pod: Pod, signal: AbortSignal): Promise<Impact['services']> {
  const { namespace, labels } = pod.metadata
  const [services, slices] = await Promise.all([
    cluster.list('services', { namespace }, signal),
    cluster.list('endpointslices', { namespace }, signal),
  ])
  const selecting = services.items.filter((service) => selects(service.spec.selector, labels))
  return selecting.map(({ metadata: { name } }) => ({ name, ready: readyEndpoints(slices.items, name) }))
}

function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector)
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}

/** Of one Service, over all its slices; the API says that a missing `ready` means ready. */
export function readyEndpoints(slices: readonly Resource<'endpointslices'>[], service: string): number {
  const own = slices.filter((slice) => slice.metadata.labels['kubernetes.io/service-name'] === service)
  return own.flatMap((slice) => slice.endpoints).filter((endpoint) => endpoint.conditions.ready !== false).length
}
