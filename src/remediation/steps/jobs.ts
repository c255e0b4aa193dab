import type { Build } from '../../builds/build.ts'
import { buildOfJob } from '../../builds/builds.ts'
import { findBuildPods, readContainerLog, tellingContainer } from '../../builds/log/pod-log.ts'
import { readBuild } from '../../builds/log/read.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import type { Manifest } from '../../kubernetes/raw-object.ts'
import { redact } from '../../secret.ts'
import { type Text, text } from '../../text.ts'
import { approvalMark, type JobSource } from '../sources/job.ts'
import type { Step, StepContext, StepOutcome } from '../step.ts'

/** The Job to create. */
export interface JobToMake<D> {
  /** The same in every call. */
  name(context: StepContext<D>): { readonly namespace: string; readonly name: string }
  /** undefined: its source has changed. */
  manifest(context: StepContext<D>): Promise<Manifest | undefined>
}

const changed: StepOutcome = {
  step: 'failed',
  reason: text`The source of the build has changed or is gone. Nothing was done.`,
}

/**
 * Asks the API server whether it would accept the Job, so that quotas, policies and admission are known before anything
 * is done.
 */
export function tryJob<D>(job: JobToMake<D>): Step<D> {
  return {
    id: 'dry-run',
    title: () => 'Dry run',
    async run(context) {
      const key = job.name(context)
      if (await findOwn(context, key)) return { step: 'done', result: text`it is created already` }
      const manifest = await job.manifest(context)
      if (!manifest) return changed
      try {
        await context.writes.create('jobs', key.namespace, manifest, { dryRun: true }, context.signal)
        return { step: 'done', result: text`accepted` }
      } catch (error) {
        return refused(error)
      }
    },
  }
}

/**
 * Creates the Job. Its name is the same for the same approval, so a second attempt finds the first. A Job that existed
 * and is gone was deleted by somebody, and is not created again.
 */
export function createJob<D>(job: JobToMake<D>): Step<D> {
  return {
    id: 'create',
    title: () => 'Job',
    async run(context) {
      const { memory, note, since, signal } = context
      const key = job.name(context)
      const known = await findOwn(context, key)
      if (known === 'foreign')
        return { step: 'failed', reason: text`There is another Job ${key.namespace}/${key.name}. Nothing was done.` }
      if (known) return created(context, key, known.uid)
      if (memory.tried && (await wasThere(context, key, since)))
        return { step: 'failed', reason: text`Job ${key.namespace}/${key.name} was created, and somebody deleted it.` }
      const manifest = await job.manifest(context)
      if (!manifest) return changed
      await note({ tried: true })
      signal.throwIfAborted() // another worker may have the action now
      try {
        const { metadata } = await context.writes.create('jobs', key.namespace, manifest, { dryRun: false }, signal)
        return await created(context, key, metadata.uid)
      } catch (error) {
        if (error instanceof ClusterError && error.code === 'already-exists') return { step: 'wait', ms: 0 }
        return refused(error)
      }
    },
  }
}

type Key = ReturnType<JobToMake<unknown>['name']>

async function created({ effect }: StepContext<unknown>, key: Key, uid: string): Promise<StepOutcome> {
  await effect({ key: key.name, target: { kind: 'Job', ...key, uid }, after: 'created' })
  return { step: 'done', result: text`${key.name} created`, memory: { ...key, uid } }
}

async function findOwn(
  { writes, approval, signal }: StepContext<unknown>,
  key: Key,
): Promise<{ readonly uid: string } | 'foreign' | undefined> {
  const found = await writes.raw('jobs', key, signal)
  if (!found) return undefined
  const own = rawFields.at(found.metadata, 'annotations', approvalMark) === approval.id
  return own ? { uid: found.metadata.uid } : 'foreign'
}

/** A Job that ran has left events, which remain for an hour by default after it is deleted. */
async function wasThere({ watched, signal }: StepContext<unknown>, key: Key, since: Date): Promise<boolean> {
  const { namespace, name } = key
  const where = { namespace, fields: { 'involvedObject.kind': 'Job', 'involvedObject.name': name }, limit: 50 }
  const { items } = await watched.cluster.list('events', where, signal)
  return items.some(({ metadata }) => Date.parse(metadata.creationTimestamp) >= since.getTime() - clockSlack)
}

/** Milliseconds that the API server's clock may differ, plus the second to which its times are rounded. */
const clockSlack = 60_000

/** Returns the API server's own words if it refuses the Job. Throws any other error. */
function refused(error: unknown): StepOutcome {
  if (!(error instanceof ClusterError) || !['invalid', 'forbidden'].includes(error.code)) throw error
  return { step: 'failed', reason: text`The API server refuses the Job: ${error.message}` }
}

/** Milliseconds for which a build is watched. */
const patience = 60 * 60_000
const shownLines = 10

/** The previous build. */
export interface BuildBefore {
  /** The class of its error. Empty: unknown. */
  readonly error: string
  /** Seconds that it took. 0: unknown. */
  readonly took: number
}

/** Watches the created Job until it has ended. It changes nothing. */
export function followBuild<D>(before: (details: D) => BuildBefore): Step<D> {
  return {
    id: 'build',
    title: () => 'Building',
    async run({ now, timing, watched, details, memoryOf, since, signal }) {
      const { name, namespace } = memoryOf('create')
      const key = { namespace: rawFields.text(namespace), name: rawFields.text(name) }
      const job = await watched.cluster.get('jobs', key, signal)
      if (!job) return { step: 'failed', reason: text`Job ${key.namespace}/${key.name} is gone: somebody deleted it.` }
      const [build] = buildOfJob(job)
      const known = before(details)
      const seconds = Math.round((now().getTime() - since.getTime()) / 1_000)
      if (!build || build.state === 'succeeded') return { step: 'done', result: text`it succeeded, in ${seconds} s` }
      if (build.state === 'failed') return failed(watched.cluster, build, known, signal)
      if (seconds * 1_000 > patience)
        return { step: 'failed', reason: text`It still runs after an hour. I stop watching it.` }
      return {
        step: 'wait',
        ms: timing.poll,
        result: await runningWords(watched.cluster, build, seconds, known, signal),
      }
    },
  }
}

async function failed(cluster: Cluster, build: Build, before: BuildBefore, signal: AbortSignal): Promise<StepOutcome> {
  const { error, tail } = await readBuild(cluster, build, signal)
  const again = error && error.class === before.error ? text` again, in the same way` : text``
  const why = error ? text`: ${error.title}` : text``
  return {
    step: 'failed',
    reason: text`The build failed${again}${why}. Nothing else was touched.`,
    lines: tail.slice(-shownLines),
  }
}

async function runningWords(
  cluster: Cluster,
  build: Build,
  seconds: number,
  { took }: BuildBefore,
  signal: AbortSignal,
): Promise<Text> {
  const of = took > 0 ? text`${seconds} s of about ${took} s` : text`${seconds} s`
  const last = await lastWords(cluster, build, signal)
  return last ? text`${of}: ${last}` : of
}

/** More lines than people read, and enough to classify an error. */
const logLimits = { tailLines: 5_000, limitBytes: 512 * 1024 } as const

/** Keeps the log of the previous build, because it is deleted with its Job. */
export function keepLog<D>(sourceOf: (details: D) => JobSource): Step<D> {
  return {
    id: 'log',
    title: () => 'Old log',
    async run({ watched: { cluster }, details, keep, signal }) {
      const { kind, namespace, name, uid } = sourceOf(details)
      if (kind === 'CronJob') return { step: 'done', result: text`a CronJob itself has none` }
      const job = await cluster.get('jobs', { namespace, name }, signal)
      const [build] = job ? buildOfJob(job) : []
      const [pod] = await findBuildPods(cluster, { kind, namespace, name }, signal)
      const telling = pod && tellingContainer(pod, build?.containers)
      const content = telling && (await readContainerLog(cluster, pod, telling, logLimits, signal))
      if (!content) return { step: 'done', result: text`it is gone already` }
      await keep({ what: 'log', namespace, name, uid, content })
      return { step: 'done', result: text`${content.trimEnd().split('\n').length} lines kept` }
    },
  }
}

const log = { tailLines: 5, limitBytes: 16 * 1024 } as const
const lineLimit = 160

/** Returns the last line of a running build's log, or what its pod waits for. undefined: nothing yet. */
async function lastWords(cluster: Cluster, build: Build, signal: AbortSignal): Promise<string | undefined> {
  const [pod] = await findBuildPods(cluster, build, signal)
  const telling = pod && tellingContainer(pod, build.containers)
  if (!telling) return undefined
  const waits = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses].find(
    ({ name, state }) => name === telling.name && state.waiting?.reason,
  )?.state.waiting
  if (waits) return waits.reason
  const text = await readContainerLog(cluster, pod, telling, log, signal)
  const lines = redact(text ?? '')
    .split('\n')
    .map((line) => line.trim())
  return lines.findLast((line) => line !== '')?.slice(0, lineLimit)
}
