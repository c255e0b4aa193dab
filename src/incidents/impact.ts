import { type Cluster, isWhole } from '../kubernetes/cluster.ts'
import { workloadResource } from '../kubernetes/kinds.ts'
import type { Pod, Resource } from '../kubernetes/resources.ts'
import type { Diagnosis } from '../playbooks/image-pull/model.ts'
import { workloadOfPod } from '../target/pods.ts'
import type { Failure } from './failure.ts'
import type { Affected, AffectedWorkload } from './incident.ts'

/** The number of workloads that are kept by name. Further ones are only counted. */
const affectedLimit = 200

export const noneAffected: Affected = { workloads: [], more: 0, failing: 0, pods: 0, nodes: 0 }

/** Adds what a diagnosis saw of its own workload to what is known of the others. */
export function withWorkload(before: Affected, { target, impact }: Diagnosis): Affected {
  const { kind, name } = target.owner ?? { kind: 'Pod', name: target.pod }
  const known = before.workloads.find((it) => isWorkload(it, target.namespace, kind, name))
  const seen: AffectedWorkload = {
    namespace: target.namespace,
    kind,
    name,
    impact: impact?.state ?? 'unknown',
    ready: impact?.ready ?? 0,
    desired: impact?.desired ?? 0,
    failing: Math.max(1, known?.failing ?? 0),
    state: 'failing',
  }
  const others = before.workloads.filter((it) => it !== known)
  return {
    ...before,
    workloads: worstFirst([seen, ...others]).slice(0, affectedLimit),
    failing: Math.max(1, before.failing),
    pods: Math.max(1, before.pods),
    nodes: Math.max(1, before.nodes),
  }
}

function isWorkload(it: AffectedWorkload, namespace: string, kind: string, name: string): boolean {
  return it.namespace === namespace && it.kind === kind && it.name === name
}

const order: readonly AffectedWorkload['impact'][] = ['down', 'degraded', 'unknown', 'serving', 'no-traffic']

/** Sorts workloads that still fail before others, and those that are down before those that serve. */
function worstFirst(workloads: readonly AffectedWorkload[]): AffectedWorkload[] {
  const rank = (it: AffectedWorkload): number => (it.state === 'failing' ? 0 : order.length) + order.indexOf(it.impact)
  return workloads.toSorted((a, b) => rank(a) - rank(b) || b.failing - a.failing || (a.name < b.name ? -1 : 1))
}

/** What one snapshot of the cluster shows of one incident. */
export interface IncidentSnapshot {
  /** The incident's pods that cannot pull now. */
  readonly failures: readonly Failure[]
  /** The keys of workloads with a pod whose images are being pulled now. Nothing is known of them yet. */
  readonly starting: ReadonlySet<string>
  readonly objects: ReadonlyMap<string, WorkloadObject>
  readonly allNodes?: number | undefined
  readonly now: Date
  /** Milliseconds that a workload must be ready before it counts as recovered. */
  readonly stable: number
}

const limit = 200

/** Counts the workloads that an incident affects now, from what was known before and a snapshot. Pure. */
export function countAffected(before: Affected, seen: IncidentSnapshot): Affected {
  const failing = Map.groupBy(seen.failures, ({ workload }) => workload.key)
  const known = new Map(before.workloads.map((it) => [toWorkloadKey(it), it]))
  const workloads = [...new Set([...known.keys(), ...failing.keys()])].flatMap((key) =>
    workloadNow(key, known.get(key), failing.get(key) ?? [], seen),
  )
  const sorted = worstFirst(workloads)
  return {
    workloads: sorted.slice(0, limit),
    more: Math.max(0, sorted.length - limit),
    failing: seen.failures.length,
    pods: Math.max(before.pods, seen.failures.length),
    nodes: new Set(seen.failures.map(({ node }) => node)).size || before.nodes,
    ...(seen.allNodes !== undefined && { allNodes: seen.allNodes }),
  }
}

function workloadNow(
  key: string,
  known: AffectedWorkload | undefined,
  failures: readonly Failure[],
  seen: IncidentSnapshot,
): readonly AffectedWorkload[] {
  const object = seen.objects.get(key) ?? { is: 'unknown' }
  const named = known ?? firstNamed(failures)
  if (!named) return []
  const { readySince, ...kept } = named
  const counted: AffectedWorkload = { ...kept, ...toImpact(object, kept), failing: failures.length }
  if (failures.length > 0) return [{ ...counted, state: 'failing' }]
  if (object.is === 'missing' || (object.is === 'there' && object.desired === 0)) return [{ ...counted, state: 'gone' }]
  const well = object.is === 'there' && object.ready >= object.desired && !seen.starting.has(key)
  if (!well) return [{ ...counted, state: 'recovering' }]
  const past = readySince !== undefined && Date.parse(readySince) <= seen.now.getTime() // the clock may be set back
  const since = past ? readySince : seen.now.toISOString()
  const certain = seen.now.getTime() - Date.parse(since) >= seen.stable
  return [{ ...counted, state: certain ? 'recovered' : 'recovering', readySince: since }]
}

function firstNamed([first]: readonly Failure[]): AffectedWorkload | undefined {
  if (!first) return undefined
  const { namespace, workload } = first
  const { kind, name } = workload
  return { namespace, kind, name, impact: 'unknown', ready: 0, desired: 0, failing: 0, state: 'failing' }
}

type Impact = Pick<AffectedWorkload, 'impact' | 'ready' | 'desired'>

/** Keeps the known impact of a workload that could not be read. */
function toImpact(object: WorkloadObject, before: Impact): Impact {
  if (object.is !== 'there') return { impact: before.impact, ready: before.ready, desired: before.desired }
  const { ready, desired, traffic } = object
  if (!traffic || desired === 0) return { impact: 'no-traffic', ready: 0, desired: 0 }
  return { impact: ready === 0 ? 'down' : ready < desired ? 'degraded' : 'serving', ready, desired }
}

/** The state of a workload by its own object. `unknown`: it could not be read. */
export type WorkloadObject =
  | { readonly is: 'there'; readonly ready: number; readonly desired: number; readonly traffic: boolean }
  | { readonly is: 'missing' }
  | { readonly is: 'unknown' }

export interface WorkloadName {
  readonly namespace: string
  readonly kind: string
  readonly name: string
}

/** Up to `asked` workloads of one kind in a namespace are read one by one. More are listed, at most `listed`. */
const asked = 3
const listed = 2_000

/**
 * Reads the state of workloads. The keys are those of `workloadOfPod`. A workload that could not be read is `unknown`,
 * never `missing`.
 */
export async function workloadObjects(
  cluster: Cluster,
  names: readonly WorkloadName[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, WorkloadObject>> {
  const groups = [...Map.groupBy(names, ({ namespace, kind }) => `${namespace}/${kind}`).values()]
  const found = await Promise.all(
    groups.map((group) =>
      readObjects(cluster, group, signal).catch(() => group.map((it) => [toWorkloadKey(it), unknown] as const)),
    ),
  )
  return new Map(found.flat())
}

export function toWorkloadKey({ namespace, kind, name }: WorkloadName): string {
  return `${namespace}/${kind}/${name}`
}

type Entry = readonly [key: string, object: WorkloadObject]
const unknown: WorkloadObject = { is: 'unknown' }
const missing: WorkloadObject = { is: 'missing' }

async function readObjects(
  cluster: Cluster,
  group: readonly WorkloadName[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const { kind = '', namespace = '' } = group[0] ?? {}
  if (kind === 'Pod')
    return Promise.all(group.map(async (it) => [toWorkloadKey(it), await podObject(cluster, it, signal)] as const))
  if (kind === 'Job')
    return Promise.all(group.map(async (it) => [toWorkloadKey(it), await jobObject(cluster, it, signal)] as const))
  const resource = workloadResource(kind)
  if (!resource) return readFromPods(cluster, namespace, group, signal)
  if (group.length <= asked)
    return Promise.all(
      group.map(async (it) => [toWorkloadKey(it), toObject(await cluster.get(resource, it, signal))] as const),
    )
  const all = await cluster.list(resource, { namespace, limit: listed }, signal)
  const byName = new Map(all.items.map((it) => [it.metadata.name, it]))
  return group.map((it) => {
    const object = byName.get(it.name)
    return [toWorkloadKey(it), !object && !isWhole(all) ? unknown : toObject(object)] as const
  })
}

function toObject(workload: Resource<'deployments'> | undefined): WorkloadObject {
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
  return pod && !pod.metadata.deletionTimestamp ? countReady([pod]) : missing
}

/** A Job needs no ready pod: a Job that runs or has succeeded has pulled its images. */
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

/** Reads the pods of workloads whose kind is not read here, such as a Rollout. */
async function readFromPods(
  cluster: Cluster,
  namespace: string,
  group: readonly WorkloadName[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const pods = await cluster.list('pods', { namespace, limit: listed }, signal)
  const byWorkload = Map.groupBy(pods.items, (pod) => workloadOfPod(pod).key)
  return group.map(
    (it) =>
      [
        toWorkloadKey(it),
        byWorkload.has(toWorkloadKey(it)) ? countReady(byWorkload.get(toWorkloadKey(it)) ?? []) : unknown,
      ] as const,
  )
}

function countReady(pods: readonly Pod[]): WorkloadObject {
  const ready = pods.filter(({ status }) => status.conditions.some((it) => it.type === 'Ready' && it.status === 'True'))
  return { is: 'there', ready: ready.length, desired: pods.length, traffic: true }
}
