import { buildOfJob } from '../../builds/find-builds.ts'
import { logOf, podsOfBuild, tellingContainer } from '../../builds/pod-log.ts'
import { text } from '../../text.ts'
import type { JobSource } from '../job-source.ts'
import type { Step } from '../step.ts'

/** More than anybody reads, and enough to find out. */
const log = { tailLines: 5_000, limitBytes: 512 * 1024 } as const

/** Keeps the log of the build before, of the container that tells how it went: it goes with its Job one day. */
export function keepLog<D>(sourceOf: (details: D) => JobSource): Step<D> {
  return {
    id: 'log',
    title: () => 'Old log',
    async run({ watched: { cluster }, details, keep, signal }) {
      const { kind, namespace, name, uid } = sourceOf(details)
      if (kind === 'CronJob') return { step: 'done', result: text`a CronJob itself has none` }
      const job = await cluster.get('jobs', { namespace, name }, signal)
      const [build] = job ? buildOfJob(job) : []
      const [pod] = await podsOfBuild(cluster, { kind, namespace, name }, signal)
      const telling = pod && tellingContainer(pod, build?.containers)
      const content = telling && (await logOf(cluster, pod, telling, log, signal))
      if (!content) return { step: 'done', result: text`it is gone already` }
      await keep({ what: 'log', namespace, name, uid, content })
      return { step: 'done', result: text`${content.trimEnd().split('\n').length} lines kept` }
    },
  }
}
