import type { Build } from '../../builds/build.ts'
import { buildOfJob } from '../../builds/find-builds.ts'
import { readBuild } from '../../builds/read-build.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import { rawFields } from '../../kubernetes/raw-fields.ts'
import { type Text, text } from '../../text.ts'
import { lastWords } from '../last-words.ts'
import type { Step, StepOutcome } from '../step.ts'

/** Milliseconds that a build is followed. */
const patience = 60 * 60_000
const shownLines = 10

/** What is known of the build before this one. */
export interface BuildBefore {
  /** The class of its error; empty: it is not known. */
  readonly error: string
  /** Seconds that it took; 0: not known. */
  readonly took: number
}

/** Follows the Job that was created, until it has ended. It only looks. */
export function followBuild<D>(before: (details: D) => BuildBefore): Step<D> {
  return {
    id: 'build',
    title: () => 'Building',
    async run({ world, watched, details, memoryOf, since, signal }) {
      const { name, namespace } = memoryOf('create')
      const key = { namespace: rawFields.text(namespace), name: rawFields.text(name) }
      const job = await watched.cluster.get('jobs', key, signal)
      if (!job) return { step: 'failed', reason: text`Job ${key.namespace}/${key.name} is gone: somebody deleted it.` }
      const [build] = buildOfJob(job)
      const known = before(details)
      const seconds = Math.round((world.incidents.now().getTime() - since.getTime()) / 1_000)
      if (!build || build.state === 'succeeded') return { step: 'done', result: text`it succeeded, in ${seconds} s` }
      if (build.state === 'failed') return failed(watched.cluster, build, known, signal)
      if (seconds * 1_000 > patience)
        return { step: 'failed', reason: text`It still runs after an hour. I no longer follow it.` }
      return {
        step: 'wait',
        ms: world.pauses.poll,
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
