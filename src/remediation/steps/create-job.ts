import { ClusterError } from '../../kubernetes/cluster-error.ts'
import { rawFields } from '../../kubernetes/raw-fields.ts'
import type { Manifest } from '../../kubernetes/raw-object.ts'
import { text } from '../../text.ts'
import { approvalMark } from '../marks-of.ts'
import type { Step, StepContext, StepOutcome } from '../step.ts'

/** The Job that is to be made. */
export interface JobToMake<D> {
  /** The same whenever it is asked for. */
  name(context: StepContext<D>): { readonly namespace: string; readonly name: string }
  /** undefined: what it comes of is no longer what it was. */
  manifest(context: StepContext<D>): Promise<Manifest | undefined>
}

const changed: StepOutcome = {
  step: 'failed',
  reason: text`What the build was to be made from has changed or is gone. Nothing was done.`,
}

/** Has the API server say whether it would take the Job: quotas, policies and admission are told before anything is done. */
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
 * Creates the Job. Its name is the same for the same approval, so a second attempt meets the first. One that was there and
 * is not any more was deleted by somebody: it is not made again.
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
      signal.throwIfAborted() // another worker may have it by now
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

/** A Job that ran has left events, which stay when it is deleted: an hour, by default. */
async function wasThere({ watched, signal }: StepContext<unknown>, key: Key, since: Date): Promise<boolean> {
  const { namespace, name } = key
  const where = { namespace, fields: { 'involvedObject.kind': 'Job', 'involvedObject.name': name }, limit: 50 }
  const { items } = await watched.cluster.list('events', where, signal)
  return items.some(({ metadata }) => Date.parse(metadata.creationTimestamp) >= since.getTime() - clockSlack)
}

/** Milliseconds that the API server's clock may differ, and the second that its times leave out. */
const clockSlack = 60_000

/** What the API server will not take is said in its own words. Anything else is thrown. */
function refused(error: unknown): StepOutcome {
  if (!(error instanceof ClusterError) || !['invalid', 'forbidden'].includes(error.code)) throw error
  return { step: 'failed', reason: text`The API server does not take the Job: ${error.message}` }
}
