import type { Build } from '../../../builds/build.ts'
import { buildOfJob } from '../../../builds/builds.ts'
import { check } from '../../../diagnosis/check.ts'
import type { Cluster } from '../../../kubernetes/cluster.ts'
import { workloadResource } from '../../../kubernetes/kinds.ts'
import type { OwnerReference, Pod, Resource } from '../../../kubernetes/resources.ts'
import { theCluster, thePod } from '../inputs.ts'

/** Who made the pod: the controller itself, and the one above it that people edit. */
export interface Owner {
  readonly kind: string
  readonly name: string
  /** What the controller above reports. Absent for kinds that are not read here. */
  readonly workload?: Resource<'deployments'>
  /** The Job that made the pod, where it builds and pushes an image. */
  readonly build?: Build
}

/** undefined: a bare pod. */
export const owner = check({
  id: 'owner',
  doing: 'Looking for its owner',
  needs: { cluster: theCluster, pod: thePod },
  gather: ({ cluster, pod }, signal) => ownerOf(cluster, pod, signal),
})

async function ownerOf(cluster: Cluster, pod: Pod, signal: AbortSignal): Promise<Owner | undefined> {
  const controller = controllerOf(pod)
  if (!controller) return undefined
  const { namespace } = pod.metadata
  const first = await read(cluster, controller, namespace, signal, pod)
  const above = first.workload && controllerOf(first.workload)
  return above ? read(cluster, above, namespace, signal) : first
}

function controllerOf(object: { readonly metadata: Pod['metadata'] }): OwnerReference | undefined {
  return object.metadata.ownerReferences.find((reference) => reference.controller)
}

async function read(
  cluster: Cluster,
  { kind, name }: OwnerReference,
  namespace: string,
  signal: AbortSignal,
  pod?: Pod,
): Promise<Owner> {
  if (kind === 'Job') {
    const job = await cluster.get('jobs', { namespace, name }, signal)
    const above = (job && controllerOf(job)) ?? { kind, name }
    const [build] = job ? buildOfJob(job, pod ? [pod] : []) : []
    return { kind: above.kind, name: above.name, ...(build && { build }) }
  }
  const resource = workloadResource(kind)
  if (!resource) return { kind, name }
  const workload = await cluster.get(resource, { namespace, name }, signal)
  return { kind, name, ...(workload && { workload }) }
}

type Workload = Resource<'deployments'>

/** What a workload was at one time. */
export interface Revision {
  /** As `kubectl rollout history` counts. */
  readonly number: number
  /** RFC 3339. */
  readonly since: string
  readonly containers: readonly { readonly name: string; readonly image: string }[]
}

/** Of the pod's workload, the newest first; none where it keeps no history. At most as many as its history limit, 10 by default. */
export const revisions = check({
  id: 'revisions',
  doing: 'Reading what it was before',
  needs: { cluster: theCluster, pod: thePod, owner },
  async gather({ cluster, pod, owner }, signal): Promise<readonly Revision[]> {
    const workload = owner?.workload
    const read = readers[owner?.kind ?? '']
    if (!workload || !read) return []
    const all = await read(cluster, workload, pod.metadata.namespace, signal)
    return all.filter((it) => it.number > 0).toSorted((a, b) => b.number - a.number)
  },
})

type Read = (
  cluster: Cluster,
  workload: Workload,
  namespace: string,
  signal: AbortSignal,
) => Promise<readonly Revision[]>

const readers: Readonly<Record<string, Read>> = {
  Deployment: replicaSets,
  StatefulSet: controllerRevisions,
  DaemonSet: controllerRevisions,
}

// https://kubernetes.io/docs/reference/labels-annotations-taints/#deployment-kubernetes-io-revision
const numberAnnotation = 'deployment.kubernetes.io/revision'

async function replicaSets(...[cluster, workload, namespace, signal]: Parameters<Read>): Promise<readonly Revision[]> {
  const { items } = await cluster.list('replicasets', { namespace, labels: labelsOf(workload) }, signal)
  return items
    .filter((it) => isOwned(it, workload))
    .map(({ metadata, spec }) => ({
      number: Number(metadata.annotations[numberAnnotation] ?? 0),
      since: metadata.creationTimestamp,
      containers: imagesOf(spec.template?.spec),
    }))
}

async function controllerRevisions(
  ...[cluster, workload, namespace, signal]: Parameters<Read>
): Promise<readonly Revision[]> {
  const { items } = await cluster.list('controllerrevisions', { namespace, labels: labelsOf(workload) }, signal)
  return items
    .filter((it) => isOwned(it, workload))
    .map(({ metadata, revision, data }) => ({
      number: revision,
      since: metadata.creationTimestamp,
      containers: imagesOf(data?.spec.template.spec),
    }))
}

/** Expressions of a selector are left out: the owner decides in the end. */
function labelsOf({ spec: { selector } }: Workload): Readonly<Record<string, string>> {
  return selector && typeof selector.matchLabels === 'object' ? selector.matchLabels : {}
}

function isOwned(object: { readonly metadata: Workload['metadata'] }, { metadata: { uid } }: Workload): boolean {
  return object.metadata.ownerReferences.some((it) => it.controller && it.uid === uid)
}

type Spec = NonNullable<Workload['spec']['template']>['spec']

function imagesOf(spec: Spec | undefined): Revision['containers'] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name, image }) => ({ name, image }))
}

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
