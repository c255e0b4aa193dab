import { buildOfJob } from '../../builds/builds.ts'
import { readBuild } from '../../builds/log/read.ts'
import type { ListOptions } from '../../kubernetes/cluster.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import type { Resource } from '../../kubernetes/resources.ts'
import { text } from '../../text.ts'
import {
  admissionVerdict,
  playbookOfRefusal,
  type Refusal,
  refusalNote,
  refusalOfEvent,
  refusalWords,
} from './admission.ts'
import type { World } from './diagnose.ts'
import { buildVerdict, routeOfBuild } from './diagnose-build.ts'
import type { ContainerDiagnosis, Diagnosis, PullVerdict } from './model.ts'
import { timeOf } from './pulls.ts'

type Owner = Resource<'deployments'> | Resource<'jobs'> | Resource<'cronjobs'>

const kindNames = {
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  replicationcontrollers: 'ReplicationController',
  jobs: 'Job',
  cronjobs: 'CronJob',
} as const

/** An owner that has no pod now: nothing is pulled, and its events may tell why there is none. */
export async function diagnoseOwner(kind: keyof typeof kindNames, owner: Owner, world: World): Promise<Diagnosis> {
  const { namespace, name } = owner.metadata
  const target = {
    ...{ cluster: world.cluster.name, namespace, pod: '', owner: { kind: kindNames[kind], name } },
    ...{ container: '', image: '', node: '' },
  }
  const bare: Diagnosis = {
    ...{ target, healthy: false, failing: [], observations: [] },
    ...{ impact: undefined, route: undefined, note: undefined },
  }
  const [build] = kind === 'jobs' ? buildOfJob(owner as Resource<'jobs'>) : [] // by its kind
  if (build?.state === 'failed') {
    const reading = await readBuild(world.cluster, build, world.signal)
    const [image = ''] = build.destinations
    const failing = failed(buildVerdict(build, reading, undefined), image)
    return { ...bare, target: { ...target, image }, failing: [failing], route: routeOfBuild(build, reading) }
  }
  const called = `${kindNames[kind]} ${name}`
  const refusal = scaledToNothing(owner) ? undefined : await refusalOf(kind, owner, world)
  if (!refusal) {
    const idle = text`${called} has no pod now, so nothing pulls an image${scaledToNothing(owner) ? ': it is scaled to 0' : ''}.`
    return { ...bare, note: idle, route: { playbook: undefined, note: idle } }
  }
  const playbook = playbookOfRefusal(refusal)
  const images = imagesOf(owner)
  const verdict = playbook ? undefined : admissionVerdict(refusal, { namespace, owner: called, images })
  if (verdict) {
    const image = images.find((it) => refusal.words.includes(it)) ?? images[0] ?? ''
    return { ...bare, target: { ...target, image }, failing: [{ ...failed(verdict, image), at: 'policy' }] }
  }
  const note = refusalNote(refusal, called)
  return { ...bare, note, route: { playbook, note } }
}

function failed(verdict: PullVerdict, image: string): ContainerDiagnosis {
  return {
    ...{ container: '', image, at: 'nowhere', verdict, also: [], chain: [verdict] },
    ...{ undetermined: [], change: undefined },
  }
}

/**
 * The newest refusal to make a pod: a condition of the owner, or an event FailedCreate of the owner or of what it owns.
 * undefined: none was said, or events may not be listed.
 */
async function refusalOf(kind: keyof typeof kindNames, owner: Owner, world: World): Promise<Refusal | undefined> {
  const { namespace } = owner.metadata
  const makers = await makersOf(kind, owner, world)
  const listed = await listOrNone(world, 'events', { namespace, fields: { reason: 'FailedCreate' } })
  const own = listed.filter(({ involvedObject }) => makers.has(involvedObject.uid))
  const newest = own.toSorted((a, b) => (timeOf(a) ?? '').localeCompare(timeOf(b) ?? '')).at(-1)
  const condition = 'conditions' in owner.status ? owner.status.conditions.find(isReplicaFailure) : undefined
  if (!newest && !condition) return undefined
  if (newest?.message) return refusalOfEvent(newest)
  const at = condition?.lastTransitionTime ?? undefined
  const by = `condition ReplicaFailure of ${kindNames[kind]} ${owner.metadata.name}`
  return { words: refusalWords(condition?.message ?? ''), by, ...(at && { at }) }
}

// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentStatus
function isReplicaFailure({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === 'ReplicaFailure' && status === 'True'
}

/** The uids of those who make its pods: itself, its ReplicaSets, its Jobs. */
async function makersOf(
  kind: keyof typeof kindNames,
  { metadata: { namespace, uid } }: Owner,
  world: World,
): Promise<ReadonlySet<string>> {
  const below = kind === 'deployments' ? 'replicasets' : kind === 'cronjobs' ? 'jobs' : undefined
  const made = below ? await listOrNone(world, below, { namespace }) : []
  const own = made.filter(({ metadata }) => metadata.ownerReferences.some((it) => it.uid === uid))
  return new Set([uid, ...own.map(({ metadata }) => metadata.uid)])
}

/** Whoever may not list them does not see why there is no pod: the note says less then. */
async function listOrNone<Name extends 'events' | 'replicasets' | 'jobs'>(
  { cluster, signal }: World,
  resource: Name,
  options: ListOptions,
): Promise<readonly Resource<Name>[]> {
  try {
    return (await cluster.list(resource, options, signal)).items
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'forbidden') return []
    throw error
  }
}

function imagesOf({ spec }: Owner): readonly string[] {
  const template = 'jobTemplate' in spec ? spec.jobTemplate.spec.template : spec.template
  return [...(template?.spec.initContainers ?? []), ...(template?.spec.containers ?? [])].map(({ image }) => image)
}

function scaledToNothing({ spec }: Owner): boolean {
  return 'replicas' in spec && spec.replicas === 0
}
