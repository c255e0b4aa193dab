import { z } from 'zod'
import { type Build, isActive } from '../../builds/build.ts'
import { type BuildsFound, findBuilds } from '../../builds/builds.ts'
import { type CloneOptions, cloneJob, jobOfCronJob, refusalToClone, rerunName } from '../../builds/clone.ts'
import type { Observation } from '../../diagnosis/check.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Manifest, RawObject } from '../../kubernetes/raw-object.ts'
import type { ClusterWrites } from '../../kubernetes/writes.ts'
import { type Text, text } from '../../text.ts'
import type { Approval } from '../approvals/approval.ts'
import { canonicalHash } from '../canonical-hash.ts'

/** The object from which a build is created, as it was when it was offered. */
export const jobSourceSchema = z.object({
  kind: z.enum(['Job', 'CronJob']),
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  /** The hash of the resulting Job without its name and marks. */
  hash: z.string(),
})
export type JobSource = z.infer<typeof jobSourceSchema>

const resourceOf = { Job: 'jobs', CronJob: 'cronjobs' } as const

type Raw = ClusterWrites['raw']

/** `refused`: a sentence. Throws ClusterError. */
export async function readJobSource(
  raw: Raw,
  { kind, namespace, name }: Pick<JobSource, 'kind' | 'namespace' | 'name'>,
  signal: AbortSignal,
): Promise<{ readonly source: JobSource } | { readonly refused: Text }> {
  const object = await raw(resourceOf[kind], { namespace, name }, signal)
  if (!object) return { refused: text`${kind} ${namespace}/${name} is gone.` }
  const why = kind === 'Job' ? refusalToClone(object) : undefined
  if (why) return { refused: text`${kind} ${namespace}/${name} ${{ parts: [why] }}.` }
  return { source: { kind, namespace, name, uid: object.metadata.uid, hash: hashSource(kind, object) } }
}

/** Returns the name of the Job, which is the same for the same source and approval. */
export function nameOfJob({ name, uid }: JobSource, approval: Pick<Approval, 'id' | 'incident'>): string {
  return rerunName(name, uid, approval.incident, approval.id)
}

/** Returns the Job to create. undefined: the source is gone, or differs from what was approved. Throws ClusterError. */
export async function jobOfSource(
  raw: Raw,
  source: JobSource,
  approval: Approval,
  signal: AbortSignal,
): Promise<Manifest | undefined> {
  const { kind, namespace, name, uid, hash } = source
  const object = await raw(resourceOf[kind], { namespace, name }, signal)
  if (!object || object.metadata.uid !== uid || hashSource(kind, object) !== hash) return undefined
  const labels = { 'imagepull.dev/rerun-of': name.slice(0, labelLimit).replace(/[^a-z0-9]+$/, '') }
  return make(kind, object, { name: nameOfJob(source, approval), labels, annotations: toMarks(approval) })
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const labelLimit = 63

function make(kind: JobSource['kind'], object: RawObject, options: CloneOptions): Manifest {
  return kind === 'Job' ? cloneJob(object, options) : jobOfCronJob(object, options)
}

function hashSource(kind: JobSource['kind'], object: RawObject): string {
  return canonicalHash(make(kind, object, { name: '', labels: {}, annotations: {} }))
}

/**
 * Finds a running build that pushes one of these images, because a second build beside it must not start. It lists the
 * builds only if the diagnosis did not. Throws ClusterError.
 */
export async function activeBuild(
  known: Observation<BuildsFound>,
  cluster: Cluster,
  destinations: readonly string[],
  signal: AbortSignal,
): Promise<Build | undefined> {
  const { builds } = known.known ? known.value : await findBuilds(cluster, signal)
  return builds.find((it) => isActive(it) && it.destinations.some((one) => destinations.includes(one)))
}

/** Returns the annotations for what an approval creates or changes, so that people and imagepull can see why it exists. */
export const approvalMark = 'imagepull.dev/approval'

export function toMarks({ id, incident, decidedBy }: Approval): Readonly<Record<string, string>> {
  return {
    [approvalMark]: id,
    'imagepull.dev/incident': incident,
    'imagepull.dev/requested-by': decidedBy?.user ?? '',
  }
}
