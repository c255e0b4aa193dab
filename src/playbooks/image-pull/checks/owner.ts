import type { Build } from '../../../builds/build.ts'
import { buildOfJob } from '../../../builds/find-builds.ts'
import { check } from '../../../diagnosis/check.ts'
import type { Cluster } from '../../../kubernetes/cluster.ts'
import type { OwnerReference, Pod, Resource } from '../../../kubernetes/resources.ts'
import { theCluster, thePod } from '../givens.ts'

/** Who made the pod: the controller itself, and the one above it that people edit. */
export interface Owner {
  readonly kind: string
  readonly name: string
  /** What the controller above reports. Absent for kinds that are not read here. */
  readonly workload?: Resource<'deployments'>
  /** The Job that made the pod, where it builds and pushes an image. */
  readonly build?: Build
}

const workloads = {
  Deployment: 'deployments',
  ReplicaSet: 'replicasets',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  ReplicationController: 'replicationcontrollers',
} as const

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
  if (!(kind in workloads)) return { kind, name }
  const resource = workloads[kind as keyof typeof workloads] // just checked
  const workload = await cluster.get(resource, { namespace, name }, signal)
  return { kind, name, ...(workload && { workload }) }
}
