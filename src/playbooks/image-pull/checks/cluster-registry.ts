import { check } from '../../../diagnosis/check.ts'
import type { Pod, Resource } from '../../../kubernetes/resources.ts'
import { rowById } from '../../../messages/rows.ts'
import { findAddresses, findRegistryService, splitHost } from '../../../registry/access/find-service.ts'
import type { InCluster } from '../../../registry/registry.ts'
import { theCluster } from '../inputs.ts'
import { readPulls } from '../pulls.ts'
import { readyEndpoints } from './owner.ts'
import { reference } from './pod.ts'

type Service = Resource<'services'>

/** The Service that stands behind the image's registry host, where it runs in this cluster. */
export interface RegistryService {
  readonly namespace: string
  readonly name: string
  /** The port that the image's host names. */
  readonly port: number
  /** The Service's own port behind it; undefined: it has no such port. */
  readonly own: InCluster | undefined
  /** Those that the Service has. */
  readonly ports: readonly number[]
  /** When the Service was made: RFC 3339. */
  readonly since: string
  readonly selector: Readonly<Record<string, string>>
  /** Every name that means this registry, with port: for builds push by another one. */
  readonly aliases: readonly string[]
}

/** undefined: the image's host is no Service of this cluster. */
export const registryService = check({
  id: 'registry-service',
  doing: 'Looking for its registry in the cluster',
  needs: { cluster: theCluster, reference },
  async gather({ cluster, reference }, signal) {
    if (!reference.valid) return undefined
    const { host } = reference.reference
    const found = await findRegistryService(cluster, host, signal)
    // An ExternalName is a record in the cluster's DNS: nothing of this cluster stands behind it.
    return found && found.spec.type !== 'ExternalName'
      ? describeService(found, splitHost(host).port, cluster.domain)
      : undefined
  },
})

function describeService(service: Service, port: number, domain: string): RegistryService {
  const { namespace, name } = service.metadata
  const served = service.spec.ports.find((it) => it.port === port || it.nodePort === port)
  const own = served && { namespace, name, port: served.port, tls: served.port === 443 || /^https/.test(served.name) }
  const dns = [`${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.${domain}`, name]
  return {
    namespace,
    name,
    port,
    own,
    ports: service.spec.ports.map((it) => it.port),
    since: service.metadata.creationTimestamp,
    selector: service.spec.selector,
    aliases: [...new Set([...findAddresses(service), ...dns])].map(
      (host) => `${host.includes(':') ? `[${host}]` : host}:${own?.port ?? port}`,
    ),
  }
}

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

/** NetworkPolicies that select a pod of the in-cluster registry and restrict who may connect to it. */
export const registryPolicies = check({
  id: 'registry-policies',
  doing: 'Looking for network policies of the registry',
  needs: { cluster: theCluster, backend: registryBackend },
  async gather({ cluster, backend }, signal): Promise<readonly string[]> {
    if (!backend || backend.pods.length === 0) return []
    const { items } = await cluster.list('networkpolicies', { namespace: backend.namespace }, signal)
    const selecting = items.filter(
      ({ spec }) => restrictsIngress(spec) && backend.pods.some((pod) => selects(spec, pod.labels)),
    )
    return selecting.map(({ metadata }) => metadata.name)
  },
})

type Spec = Resource<'networkpolicies'>['spec']

/** "If this field is not specified, it will default based on the existence of ingress or egress rules" with Ingress always set. */
function restrictsIngress({ policyTypes }: Spec): boolean {
  return policyTypes.length === 0 || policyTypes.includes('Ingress')
}

function selects(
  { podSelector: { matchLabels, matchExpressions } }: Spec,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((expression) => matches(expression, labels))
  )
}

type Expression = Spec['podSelector']['matchExpressions'][number]

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements */
function matches({ key, operator, values }: Expression, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[key]
  if (operator === 'Exists') return value !== undefined
  if (operator === 'DoesNotExist') return value === undefined
  if (operator === 'NotIn') return value === undefined || !values.includes(value)
  return value !== undefined && values.includes(value)
}
