import { mapInTurns } from '../event-loop.ts'
import type { Cluster, Listing } from '../kubernetes/cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import type { Pod, Resource } from '../kubernetes/resources.ts'
import type { Build, BuildSource } from './build.ts'
import { readConfigMaps } from './container/config-maps.ts'
import type { ConfigMaps } from './container/variables.ts'
import { findLeads, keepWords, type Lead, readWords, type Specified } from './leads.ts'
import { type RecognisedBuild, type RecognisedBuilds, recogniseBuilds } from './recognise.ts'
import { readJobState, readPodState } from './state.ts'
import { type BuildSystem, findSystems } from './systems.ts'

export interface BuildsFound {
  /** The newest first; of the same time, what runs goes before what has failed. */
  readonly builds: readonly Build[]
  /** Jobs and CronJobs that were looked at. */
  readonly looked: number
  /** Pods of no Job and no workload that were looked at. */
  readonly pods?: number
  /** False: there are more than were read. */
  readonly complete: boolean
  /** What could not be read, and why: each the beginning of a sentence. */
  readonly unread?: readonly string[]
  /** Systems that build here, by their pods. */
  readonly systems?: readonly BuildSystem[]
}

/** Four pages of 500. */
const limit = 2_000
// The words of what was listed. They stay beside the fact for as long as the fact lives, and are never saved with it.
const specified = new WeakMap<BuildsFound, readonly Specified[]>()

/**
 * Every Job, CronJob and pod that pushes an image. What may not be listed is told in `unread`. Throws ClusterError where
 * Jobs may not be listed everywhere.
 */
export async function findBuilds(cluster: Cluster, signal?: AbortSignal): Promise<BuildsFound> {
  const unread: string[] = []
  const listed = async <Item>(what: string, list: Promise<Listing<Item>>): Promise<Listing<Item>> => {
    try {
      return await list
    } catch (error) {
      if (!(error instanceof ClusterError) || signal?.aborted) throw error
      unread.push(`${what} could not be listed (${error.message})`)
      return { items: [], complete: true }
    }
  }
  const [jobs, cronJobs, pods] = await Promise.all([
    cluster.list('jobs', { limit }, signal),
    listed('CronJobs', cluster.list('cronjobs', { limit }, signal)),
    listed('pods', cluster.list('pods', { limit }, signal)),
  ])
  const odd = [jobs, cronJobs, pods].reduce((sum, { unreadable = 0 }) => sum + unreadable, 0)
  if (odd > 0) unread.push(`${odd} of the objects have a form that could not be read`)
  const sources = sourcesOf(jobs.items, cronJobs.items, pods.items)
  const maps = await readConfigMaps(cluster, sources, signal)
  if (maps.unread > 0) unread.push(`${maps.unread} of the ConfigMaps that builds name could not be read`)
  const { builds, words, cut } = await read(sources, maps.of)
  if (cut > 0) unread.push(`${cut} of the objects say more than is read`)
  const found: BuildsFound = {
    builds: builds.toSorted(byTime),
    looked: jobs.items.length + cronJobs.items.length,
    pods: sources.filter(({ kind }) => kind === 'Pod').length,
    complete: jobs.complete && cronJobs.complete && pods.complete,
    unread,
    systems: findSystems(pods.items),
  }
  specified.set(found, words)
  return found
}

/** Objects that name a repository in their specification. undefined: it is not known any more. */
export function leadsAmong(found: BuildsFound, repository: string): readonly Lead[] | undefined {
  const words = specified.get(found)
  return words && findLeads(repository, words)
}

function sourcesOf(
  jobs: readonly Resource<'jobs'>[],
  cronJobs: readonly Resource<'cronjobs'>[],
  pods: readonly Pod[],
): readonly BuildSource[] {
  const byOwner = Map.groupBy(pods, (pod) => controllerOf(pod)?.uid ?? '')
  return [
    ...jobs.map((job) => sourceOfJob(job, byOwner.get(job.metadata.uid || '-') ?? [])),
    ...cronJobs.map(sourceOfCronJob),
    ...pods.filter((pod) => !workloads.has(controllerOf(pod)?.kind ?? '')).map(sourceOfPod),
  ]
}

/** Controllers whose pods serve, or are looked at with their Job. */
const workloads: ReadonlySet<string> = new Set(
  'Job ReplicaSet StatefulSet DaemonSet ReplicationController Node'.split(' '),
)

async function read(sources: readonly BuildSource[], configMaps: (namespace: string) => ConfigMaps) {
  const builds: Build[] = []
  const words = keepWords()
  let cut = 0
  await mapInTurns(sources, 1, (source) => {
    const recognised = recognise(source, configMaps(source.metadata.namespace))
    const own = readWords(source.spec)
    const { namespace, name } = source.metadata
    const kept = words.add({ kind: source.kind, namespace, name, words: own.words })
    if (!recognised || recognised.cut || own.cut || !kept) cut += 1
    if (recognised && recognised.builds.length > 0) builds.push(source.build(recognised.builds))
  })
  return { builds, words: words.all, cut }
}

/** undefined: this one cannot be read, and spoils no other. */
function recognise({ metadata, spec }: BuildSource, configMaps: ConfigMaps): RecognisedBuilds | undefined {
  const { namespace, labels, annotations } = metadata
  try {
    return recogniseBuilds(spec, { configMaps, pod: { namespace, labels, annotations } })
  } catch {
    return undefined
  }
}

function byTime(a: Build, b: Build): number {
  const ranks = ['running', 'pending', 'failed', 'succeeded', 'suspended', 'scheduled']
  return b.createdAt.localeCompare(a.createdAt) || ranks.indexOf(a.state) - ranks.indexOf(b.state)
}

/** The build of one Job, by what is known without ConfigMaps and pods. */
export function buildOfJob(job: Resource<'jobs'>, pods: readonly Pod[] = []): readonly Build[] {
  const source = sourceOfJob(job, pods)
  const recognised = recognise(source, new Map())
  return recognised && recognised.builds.length > 0 ? [source.build(recognised.builds)] : []
}

/** The build of a pod that no Job made. */
export function buildOfPod(pod: Pod): readonly Build[] {
  const source = sourceOfPod(pod)
  const recognised = recognise(source, new Map())
  return recognised && recognised.builds.length > 0 ? [source.build(recognised.builds)] : []
}

function sourceOfJob(job: Resource<'jobs'>, pods: readonly Pod[]): BuildSource {
  const { metadata, status, spec } = job
  const { namespace, name, uid, creationTimestamp } = metadata
  return {
    kind: 'Job',
    metadata: { ...metadata, ...spec.template.metadata },
    spec: spec.template.spec,
    build(recognised) {
      const what = joined(recognised)
      const ended = status.conditions.find(
        ({ type, status }) => (type === 'Failed' || type === 'Complete') && status === 'True',
      )
      const finishedAt = status.completionTime ?? ended?.lastTransitionTime
      return {
        kind: 'Job',
        ...{ namespace, name, uid },
        ...what,
        ...readJobState(job, pods, what.containers),
        ...(ended?.reason && { reason: ended.reason }),
        createdAt: creationTimestamp,
        ...(finishedAt && { finishedAt }),
        ...ownerOf(job),
      }
    },
  }
}

function sourceOfCronJob({ metadata, spec, status }: Resource<'cronjobs'>): BuildSource {
  const { namespace, name, uid, creationTimestamp } = metadata
  const { template } = spec.jobTemplate.spec
  return {
    kind: 'CronJob',
    metadata: { ...metadata, ...template.metadata },
    spec: template.spec,
    build: (recognised) => ({
      kind: 'CronJob',
      ...{ namespace, name, uid },
      ...joined(recognised),
      state: spec.suspend ? 'suspended' : 'scheduled',
      failures: 0,
      createdAt: creationTimestamp,
      ...(status.lastSuccessfulTime && { finishedAt: status.lastSuccessfulTime }),
      hasRun: Boolean(status.lastScheduleTime ?? status.lastSuccessfulTime),
    }),
  }
}

function sourceOfPod(pod: Pod): BuildSource {
  const { metadata, spec, status } = pod
  const { namespace, name, uid, creationTimestamp } = metadata
  return {
    kind: 'Pod',
    metadata,
    spec,
    build(recognised) {
      const what = joined(recognised)
      const state = readPodState(pod, what.containers)
      const restarts = status.containerStatuses.reduce((sum, it) => sum + it.restartCount, 0)
      const ends = status.containerStatuses.flatMap((it) => it.state.terminated?.finishedAt ?? [])
      const finishedAt = state === 'failed' || state === 'succeeded' ? ends.toSorted().at(-1) : undefined
      return {
        kind: 'Pod',
        ...{ namespace, name, uid },
        ...what,
        state,
        failures: state === 'failed' ? Math.max(1, restarts) : restarts,
        ...(state === 'failed' && spec.restartPolicy !== 'Never' && status.phase === 'Running' && { retries: true }),
        createdAt: creationTimestamp,
        ...(finishedAt && { finishedAt }),
        ...ownerOf(pod),
      }
    },
  }
}

function joined(recognised: readonly RecognisedBuild[]) {
  const destinations = [...new Set(recognised.flatMap((it) => it.destinations))]
  return {
    tool: recognised[0]?.tool ?? ('other' as const),
    destinations,
    containers: recognised.map(({ container }) => container),
    ...(recognised.some((it) => it.open && it.destinations.length === 0) && { hidden: true }),
    noPush: recognised.every(({ noPush }) => noPush),
  }
}

function controllerOf({ metadata }: Pick<Pod, 'metadata'>) {
  return metadata.ownerReferences.find(({ controller }) => controller)
}

function ownerOf(object: Pick<Pod, 'metadata'>): Pick<Build, 'owner'> {
  const owner = controllerOf(object)
  return owner ? { owner: { kind: owner.kind, name: owner.name } } : {}
}
