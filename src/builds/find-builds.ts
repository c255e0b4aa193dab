import type { Cluster } from '../kubernetes/cluster.ts'
import type { Resource } from '../kubernetes/resources.ts'
import type { Build } from './build.ts'
import { recogniseBuild } from './recognise-build.ts'

export interface BuildsFound {
  /** The newest first. */
  readonly builds: readonly Build[]
  /** Jobs and CronJobs that were looked at. */
  readonly looked: number
  /** False: there are more than were read. */
  readonly complete: boolean
}

/** Four pages of 500. */
const limit = 2_000

/** Every Job and CronJob that pushes an image. Throws ClusterError where they may not be listed everywhere. */
export async function findBuilds(cluster: Cluster, signal?: AbortSignal): Promise<BuildsFound> {
  const [jobs, cronJobs] = await Promise.all([
    cluster.list('jobs', { limit }, signal),
    cluster.list('cronjobs', { limit }, signal),
  ])
  const builds = [...jobs.items.flatMap(buildOfJob), ...cronJobs.items.flatMap(buildOfCronJob)]
  return {
    builds: builds.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)),
    looked: jobs.items.length + cronJobs.items.length,
    complete: jobs.complete && cronJobs.complete && !jobs.unreadable && !cronJobs.unreadable,
  }
}

export function buildOfJob(job: Resource<'jobs'>): readonly Build[] {
  const recognised = recogniseBuild(job.spec.template.spec)
  if (!recognised) return []
  const { namespace, name, uid, creationTimestamp, ownerReferences } = job.metadata
  const { tool, destinations, noPush } = recognised
  const owner = ownerReferences.find((reference) => reference.controller)
  const ended = job.status.conditions.find(
    ({ type, status }) => (type === 'Failed' || type === 'Complete') && status === 'True',
  )
  const finishedAt = job.status.completionTime ?? ended?.lastTransitionTime
  return [
    {
      kind: 'Job',
      ...{ namespace, name, uid, tool, destinations, noPush },
      state: stateOf(job, ended?.type),
      failures: job.status.failed,
      ...(ended?.reason && { reason: ended.reason }),
      createdAt: creationTimestamp,
      ...(finishedAt && { finishedAt }),
      ...(owner && { owner: { kind: owner.kind, name: owner.name } }),
    },
  ]
}

function stateOf({ spec, status }: Resource<'jobs'>, ended: string | undefined): Build['state'] {
  if (ended === 'Failed') return 'failed'
  if (ended === 'Complete') return 'succeeded'
  if (spec.suspend) return 'suspended'
  // FailureTarget comes before Failed, while its pods end.
  if (status.conditions.some(({ type, status }) => type === 'FailureTarget' && status === 'True')) return 'failed'
  return status.active > 0 ? 'running' : 'pending'
}

function buildOfCronJob({ metadata, spec, status }: Resource<'cronjobs'>): readonly Build[] {
  const recognised = recogniseBuild(spec.jobTemplate.spec.template.spec)
  if (!recognised) return []
  const { tool, destinations, noPush } = recognised
  const { namespace, name, uid, creationTimestamp } = metadata
  const state = spec.suspend ? 'suspended' : 'scheduled'
  return [
    {
      kind: 'CronJob',
      namespace,
      name,
      uid,
      tool,
      destinations,
      noPush,
      state,
      failures: 0,
      createdAt: creationTimestamp,
      ...(status.lastSuccessfulTime && { finishedAt: status.lastSuccessfulTime }),
      hasRun: Boolean(status.lastScheduleTime ?? status.lastSuccessfulTime),
    },
  ]
}
