import type { Cluster, Listing } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import { workloadKinds } from '../kubernetes/kinds.ts'
import { type Pod, type Resource, resources } from '../kubernetes/resources.ts'
import { readPulls } from '../playbooks/image-pull/pulls.ts'
import type { WouldBePod } from '../preflight/would-be-pods.ts'
import { workloadOfPod } from '../target/pods.ts'

/** A workload that runs, or runs from time to time, and the pod that it would make next. */
export interface RunningWorkload {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly next: WouldBePod
  /** Pods that it should have, and pods that are ready. */
  readonly desired: number
  readonly ready: number
  /** Nodes on which its pods are. */
  readonly nodes: readonly string[]
  /** Digests of the images that its containers run, by the container's name. */
  readonly digests: ReadonlyMap<string, ReadonlySet<string>>
}

export interface Running {
  readonly workloads: readonly RunningWorkload[]
  readonly pods: number
  /** Workloads with a pod that cannot pull now: a matter for `diagnose`. */
  readonly failing: readonly string[]
  /** What could not be listed, in words. */
  readonly unseen: readonly string[]
}

/** Objects of one kind that are read: a larger cluster is scanned by namespaces. */
const mostObjects = 20_000

const templated = ['deployments', 'statefulsets', 'daemonsets', 'cronjobs'] as const

/** Lists what runs. Throws ClusterError where pods may not be listed, since nothing is known then. */
export async function listRunning(cluster: Cluster, namespace: string | undefined, now: Date): Promise<Running> {
  const options = { limit: mostObjects, ...(namespace !== undefined && { namespace }) }
  const pods = await cluster.list('pods', options)
  const unseen = [...missedOf('pods', pods)]
  const templates = new Map<string, Template>()
  for (const resource of templated) {
    const listed = await listTemplates(cluster, resource, options)
    unseen.push(...listed.unseen)
    for (const it of listed.templates) templates.set(keyOf(it), it)
  }
  const living = pods.items.filter((pod) => isLiving(pod))
  const byWorkload = Map.groupBy(living, (pod) => workloadOfPod(pod).key)
  const workloads: RunningWorkload[] = []
  const failing: string[] = []
  for (const [key, own] of byWorkload) {
    const of = workloadFrom(templates.get(key), own)
    templates.delete(key)
    const stuck = own.some((pod) => readPulls(pod, [], now).some(({ state }) => state === 'failing'))
    if (stuck) failing.push(`${of.namespace} ${of.kind}/${of.name}`)
    else workloads.push(of)
  }
  const resting = [...templates.values()].filter(({ desired }) => desired > 0).map((it) => workloadFrom(it, []))
  return { workloads: [...workloads, ...resting], pods: living.length, failing, unseen }
}

interface Template {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly spec: Pod['spec']
  readonly metadata: Pick<Pod['metadata'], 'labels' | 'annotations'>
  readonly desired: number
}

function keyOf({ namespace, kind, name }: Pick<Template, 'namespace' | 'kind' | 'name'>): string {
  // The pods of a CronJob belong to Jobs, which are named after it.
  return `${namespace}/${kind === 'CronJob' ? 'Job' : kind}/${name}`
}

interface TemplatesSeen {
  readonly templates: readonly Template[]
  readonly unseen: readonly string[]
}

/** Where they may not be listed, their pods stand for them. */
async function listTemplates(
  cluster: Cluster,
  resource: (typeof templated)[number],
  options: { readonly limit: number; readonly namespace?: string },
): Promise<TemplatesSeen> {
  try {
    if (resource === 'cronjobs') {
      const listing = await cluster.list(resource, options)
      return { templates: listing.items.map(ofCronJob), unseen: missedOf(resource, listing) }
    }
    const listing = await cluster.list(resource, options)
    return {
      templates: listing.items.flatMap((it) => ofWorkload(workloadKinds[resource], it)),
      unseen: missedOf(resource, listing),
    }
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'forbidden') throw error
    return { templates: [], unseen: [`${resource} may not be listed, so their pods stand for them`] }
  }
}

/** What a list lacks: nothing follows from the absence of an object in it. */
function missedOf(resource: string, { complete, unreadable = 0 }: Listing<unknown>): readonly string[] {
  return [
    ...(complete ? [] : [`only the first ${mostObjects} ${resource} were read`]),
    ...(unreadable > 0 ? [`${unreadable} ${resource} could not be read`] : []),
  ]
}

function ofWorkload(kind: string, { metadata, spec, status }: Resource<'deployments'>): readonly Template[] {
  const { template } = spec
  if (!template) return []
  const { namespace, name } = metadata
  const desired = kind === 'DaemonSet' ? (status.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1)
  return [{ kind, namespace, name, spec: template.spec, metadata: template.metadata, desired }]
}

function ofCronJob({ metadata, spec }: Resource<'cronjobs'>): Template {
  const { namespace, name } = metadata
  const { template } = spec.jobTemplate.spec
  const desired = spec.suspend ? 0 : 1
  return { kind: 'CronJob', namespace, name, spec: template.spec, metadata: template.metadata, desired }
}

function isLiving({ metadata, status }: Pod): boolean {
  return !metadata.deletionTimestamp && status.phase !== 'Succeeded' && status.phase !== 'Failed'
}

/** Without a template the newest pod stands for it: a bare pod, or one of a kind that is not read. */
function workloadFrom(template: Template | undefined, pods: readonly Pod[]): RunningWorkload {
  const [newest] = pods.toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))
  const { namespace, kind, name, spec, metadata } = template ?? templateFrom(newest)
  const pod = resources.pods.schema.parse({ metadata: { ...metadata, namespace, name }, spec: pulledAnew(spec) })
  return {
    ...{ kind, namespace, name },
    next: { kind, name, pod, placeOf: () => ({ file: `${kind}/${name}` }) },
    desired: template?.desired ?? pods.length,
    ready: pods.filter(isReady).length,
    nodes: [...new Set(pods.flatMap((it) => it.spec.nodeName || []))],
    digests: digestsOf(pods, imagesOf(spec)),
  }
}

function templateFrom(pod: Pod | undefined): Omit<Template, 'desired'> {
  if (!pod) throw new Error('a workload has a template or a pod')
  const { kind, name } = workloadOfPod(pod)
  const { namespace, labels, annotations } = pod.metadata
  return { kind, namespace, name, spec: pod.spec, metadata: { labels, annotations } }
}

/**
 * The pod as it would be made on another node: nothing is there, so everything but `Never` is pulled. A DaemonSet's pod names
 * its own node in its affinity: its next one may land on any other.
 */
function pulledAnew(spec: Pod['spec']): Pod['spec'] {
  const anew = (of: Pod['spec']['containers']): Pod['spec']['containers'] =>
    of.map((it) => (it.imagePullPolicy === 'Never' ? it : { ...it, imagePullPolicy: 'Always' }))
  return {
    ...spec,
    ...{ nodeName: '', ephemeralContainers: [] },
    initContainers: anew(spec.initContainers),
    containers: anew(spec.containers),
  }
}

function isReady({ status }: Pod): boolean {
  return status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True')
}

/** Images by container. */
function imagesOf({ initContainers, containers }: Pod['spec']): ReadonlyMap<string, string> {
  return new Map([...initContainers, ...containers].map(({ name, image }) => [name, image]))
}

/**
 * What runtimes tell that they pulled by, as in `registry.example/app@sha256:…`. In a rollout, pods of the revision before run
 * another image: they tell nothing about this one.
 */
function digestsOf(
  pods: readonly Pod[],
  images: ReadonlyMap<string, string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const digests = new Map<string, Set<string>>()
  for (const { spec, status } of pods) {
    const own = imagesOf(spec)
    for (const { name, imageID } of [...status.initContainerStatuses, ...status.containerStatuses]) {
      const digest = /@(sha256:[0-9a-f]{64})$/.exec(imageID)?.[1]
      if (digest && own.get(name) === images.get(name)) digests.set(name, (digests.get(name) ?? new Set()).add(digest))
    }
  }
  return digests
}
