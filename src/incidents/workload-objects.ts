import type { Cluster } from '../kubernetes/cluster.ts'
import type { Pod, Resource } from '../kubernetes/resources.ts'
import { workloadOfPod } from '../target/workload-of-pod.ts'

/** How a workload is, from its own object. `unknown`: it could not be looked at. */
export type WorkloadObject =
  | { readonly is: 'there'; readonly ready: number; readonly desired: number; readonly traffic: boolean }
  | { readonly is: 'missing' }
  | { readonly is: 'unknown' }

export interface WorkloadName {
  readonly namespace: string
  readonly kind: string
  readonly name: string
}

const scalable = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  ReplicaSet: 'replicasets',
  ReplicationController: 'replicationcontrollers',
} as const

/** Up to so many of one kind in a namespace are asked for one by one; more are listed. */
const asked = 3
const listed = 2_000

/** By the keys of `workloadOfPod`. One that could not be looked at is `unknown`, never `missing`. */
export async function workloadObjects(
  cluster: Cluster,
  names: readonly WorkloadName[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, WorkloadObject>> {
  const groups = [...Map.groupBy(names, ({ namespace, kind }) => `${namespace}/${kind}`).values()]
  const found = await Promise.all(
    groups.map((group) =>
      objectsOf(cluster, group, signal).catch(() => group.map((it) => [keyOf(it), unknown] as const)),
    ),
  )
  return new Map(found.flat())
}

export function keyOf({ namespace, kind, name }: WorkloadName): string {
  return `${namespace}/${kind}/${name}`
}

type Entry = readonly [key: string, object: WorkloadObject]
const unknown: WorkloadObject = { is: 'unknown' }
const missing: WorkloadObject = { is: 'missing' }

async function objectsOf(
  cluster: Cluster,
  group: readonly WorkloadName[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const { kind = '', namespace = '' } = group[0] ?? {}
  if (kind === 'Pod')
    return Promise.all(group.map(async (it) => [keyOf(it), await podObject(cluster, it, signal)] as const))
  if (kind === 'Job')
    return Promise.all(group.map(async (it) => [keyOf(it), await jobObject(cluster, it, signal)] as const))
  if (!isScalable(kind)) return podsTell(cluster, namespace, group, signal)
  if (group.length <= asked)
    return Promise.all(
      group.map(async (it) => [keyOf(it), objectOf(await cluster.get(scalable[kind], it, signal))] as const),
    )
  const all = await cluster.list(scalable[kind], { namespace, limit: listed }, signal)
  const byName = new Map(all.items.map((it) => [it.metadata.name, it]))
  return group.map((it) => {
    const object = byName.get(it.name)
    return [keyOf(it), !object && !all.complete ? unknown : objectOf(object)] as const
  })
}

function isScalable(kind: string): kind is keyof typeof scalable {
  return Object.hasOwn(scalable, kind)
}

function objectOf(workload: Resource<'deployments'> | undefined): WorkloadObject {
  if (!workload) return missing
  const { spec, status } = workload
  return {
    is: 'there',
    ready: status.numberReady ?? status.readyReplicas,
    desired: status.desiredNumberScheduled ?? spec.replicas ?? 1,
    traffic: true,
  }
}

async function podObject(
  cluster: Cluster,
  { namespace, name }: WorkloadName,
  signal: AbortSignal,
): Promise<WorkloadObject> {
  const pod = await cluster.get('pods', { namespace, name }, signal)
  return pod && !pod.metadata.deletionTimestamp ? readyOf([pod]) : missing
}

/** A Job needs no pod that is ready: one that runs, or has succeeded, has pulled. */
async function jobObject(
  cluster: Cluster,
  { namespace, name }: WorkloadName,
  signal: AbortSignal,
): Promise<WorkloadObject> {
  const job = await cluster.get('jobs', { namespace, name }, signal)
  if (!job) return missing
  const pulled = job.status.succeeded > 0 || job.status.active > 0
  return { is: 'there', ready: pulled ? 1 : 0, desired: 1, traffic: false }
}

/** Kinds that are not read here, such as a Rollout: their pods tell how they are. */
async function podsTell(
  cluster: Cluster,
  namespace: string,
  group: readonly WorkloadName[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const pods = await cluster.list('pods', { namespace, limit: listed }, signal)
  const byWorkload = Map.groupBy(pods.items, (pod) => workloadOfPod(pod).key)
  return group.map(
    (it) => [keyOf(it), byWorkload.has(keyOf(it)) ? readyOf(byWorkload.get(keyOf(it)) ?? []) : unknown] as const,
  )
}

function readyOf(pods: readonly Pod[]): WorkloadObject {
  const ready = pods.filter(({ status }) => status.conditions.some((it) => it.type === 'Ready' && it.status === 'True'))
  return { is: 'there', ready: ready.length, desired: pods.length, traffic: true }
}
