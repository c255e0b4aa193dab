import type { Cluster } from '../kubernetes/cluster.ts'
import type { Pod, Resource } from '../kubernetes/resources.ts'
import { counted, type Text, text } from '../text.ts'

/** Kinds that a rollout can be awaited of. */
export const waitable = ['deployments', 'statefulsets', 'daemonsets', 'jobs', 'pods'] as const
export type Waitable = (typeof waitable)[number]

/** What is awaited. */
export interface SubjectKey {
  readonly kind: Waitable
  readonly namespace: string
  readonly name: string
}

/** How it stands, by its own status. */
export interface Standing {
  readonly is: 'ready' | 'progressing' | 'failed'
  /** "1 of 3 updated pods are available". */
  readonly says: Text
}

/** What is awaited, as it is now. */
export interface SubjectSeen {
  readonly standing: Standing
  /** The pods of the revision that is rolled out. */
  readonly pods: readonly Pod[]
  /** The object that makes the pods; absent for a pod itself. */
  readonly owner?: Workload | Resource<'jobs'>
}

type Workload = Resource<'deployments'>

/** undefined: there is no such object. Throws ClusterError. */
export async function readSubject(
  cluster: Cluster,
  { kind, ...key }: SubjectKey,
  signal?: AbortSignal,
): Promise<SubjectSeen | undefined> {
  if (kind === 'pods') {
    const pod = await cluster.get('pods', key, signal)
    return pod && { standing: standingOfPod(pod), pods: [pod] }
  }
  if (kind === 'jobs') {
    const job = await cluster.get('jobs', key, signal)
    return job && { standing: standingOfJob(job), pods: await podsOf(cluster, job, signal), owner: job }
  }
  const workload = await cluster.get(kind, key, signal)
  return (
    workload && { standing: standings[kind](workload), pods: await podsOf(cluster, workload, signal), owner: workload }
  )
}

/** Those made from the template of now: pods of an earlier one fail for reasons that this rollout may mend. */
async function podsOf(
  cluster: Cluster,
  { metadata, spec }: Workload | Resource<'jobs'>,
  signal: AbortSignal | undefined,
): Promise<readonly Pod[]> {
  const template = spec.template
  if (!template) return []
  const { namespace } = metadata
  const { items } = await cluster.list('pods', { namespace, labels: template.metadata.labels }, signal)
  const images = imagesOf(template.spec)
  return items.filter((pod) => !pod.metadata.deletionTimestamp && isOf(pod, metadata) && imagesOf(pod.spec) === images)
}

function imagesOf({ initContainers, containers }: Pod['spec']): string {
  const own = (list: Pod['spec']['containers']): readonly string[] =>
    list.map(({ name, image }) => `${name}=${image}`).toSorted()
  return JSON.stringify([own(initContainers.filter(isOwn)), own(containers.filter(isOwn))])
}

/** A service mesh adds its own container to each pod, and none to the template. */
function isOwn({ name }: Pod['spec']['containers'][number]): boolean {
  return !/^(?:istio-(?:proxy|init|validation)|linkerd-(?:proxy|init))$/.test(name)
}

/** A Deployment's pods belong to its ReplicaSets, whose names begin with its own. */
function isOf(pod: Pod, { uid, name }: Workload['metadata']): boolean {
  const controller = pod.metadata.ownerReferences.find((it) => it.controller)
  return controller?.uid === uid || (controller?.kind === 'ReplicaSet' && controller.name.startsWith(`${name}-`))
}

/** By the same fields as `kubectl rollout status`: https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go */
const standings = {
  deployments({ metadata, spec, status }: Workload): Standing {
    if (isStale(metadata, status)) return progressing(notSeen)
    const late = status.conditions.find((it) => it.type === 'Progressing' && it.reason === 'ProgressDeadlineExceeded')
    if (late) return { is: 'failed', says: text`it exceeded its progress deadline: ${late.message}` }
    const desired = spec.replicas ?? 1
    const { updatedReplicas, replicas, availableReplicas } = status
    if (updatedReplicas < desired) return progressing(text`${updatedReplicas} of ${counted(desired, 'pod')} updated`)
    if (replicas > updatedReplicas)
      return progressing(text`${counted(replicas - updatedReplicas, 'old pod')} still to be removed`)
    if (availableReplicas < updatedReplicas)
      return progressing(text`${availableReplicas} of ${counted(updatedReplicas, 'updated pod')} available`)
    return { is: 'ready', says: text`${counted(desired, 'pod')} updated and available` }
  },
  statefulsets({ metadata, spec, status }: Workload): Standing {
    if (isStale(metadata, status)) return progressing(notSeen)
    const desired = spec.replicas ?? 1
    const { readyReplicas, updatedReplicas, currentRevision, updateRevision } = status
    if (readyReplicas < desired) return progressing(text`${readyReplicas} of ${counted(desired, 'pod')} ready`)
    if (updateRevision !== currentRevision && updatedReplicas < desired)
      return progressing(text`${updatedReplicas} of ${counted(desired, 'pod')} updated`)
    return { is: 'ready', says: text`${counted(desired, 'pod')} updated and ready` }
  },
  daemonsets({ metadata, status }: Workload): Standing {
    if (isStale(metadata, status)) return progressing(notSeen)
    const { desiredNumberScheduled: desired = 0, updatedNumberScheduled, numberAvailable } = status
    if (updatedNumberScheduled < desired)
      return progressing(text`${updatedNumberScheduled} of ${counted(desired, 'pod')} updated`)
    if (numberAvailable < desired) return progressing(text`${numberAvailable} of ${counted(desired, 'pod')} available`)
    return { is: 'ready', says: text`${counted(desired, 'pod')} updated and available` }
  },
} as const

const notSeen = text`its controller has not seen the change yet`

function isStale({ generation = 0 }: Workload['metadata'], { observedGeneration }: Workload['status']): boolean {
  return observedGeneration < generation
}

function progressing(says: Text): Standing {
  return { is: 'progressing', says }
}

function standingOfJob({ spec, status }: Resource<'jobs'>): Standing {
  const ended = status.conditions.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  )
  if (ended?.type === 'Complete') return { is: 'ready', says: text`it is complete` }
  if (ended) return { is: 'failed', says: text`it failed: ${ended.reason} ${ended.message}` }
  const wanted = spec.completions ?? 1
  return progressing(text`${status.succeeded} of ${counted(wanted, 'pod')} succeeded, ${status.active} active`)
}

function standingOfPod({ status }: Pod): Standing {
  if (status.phase === 'Succeeded') return { is: 'ready', says: text`it succeeded` }
  if (status.phase === 'Failed') return { is: 'failed', says: text`it failed: ${status.reason || status.message}` }
  const ready = status.conditions.some((it) => it.type === 'Ready' && it.status === 'True')
  return ready ? { is: 'ready', says: text`it is ready` } : progressing(text`it is ${status.phase || 'new'}, not ready`)
}
