import { stripVTControlCharacters } from 'node:util'
import { text } from '../../text.ts'
import type { JobSource } from '../job-source.ts'
import type { Step } from '../step.ts'

/** More than anybody reads, and enough to find out. */
const log = { tailLines: 5_000, limitBytes: 512 * 1024 } as const

/** Keeps the log of the build before: it goes with its Job one day. */
export function keepLog<D>(sourceOf: (details: D) => JobSource): Step<D> {
  return {
    id: 'log',
    title: () => 'Old log',
    async run({ watched, details, keep, signal }) {
      const { kind, namespace, name, uid } = sourceOf(details)
      if (kind === 'CronJob') return { step: 'done', result: text`a CronJob itself has none` }
      const labels = { 'batch.kubernetes.io/job-name': name }
      const { items } = await watched.cluster.list('pods', { namespace, labels }, signal)
      const [pod] = items.toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))
      const container = pod?.spec.containers[0]?.name
      const lines =
        pod &&
        (await watched.cluster.logs(
          { namespace, pod: pod.metadata.name, ...(container && { container }), ...log },
          signal,
        ))
      if (!lines) return { step: 'done', result: text`it is gone already` }
      const content = stripVTControlCharacters(lines)
      await keep({ what: 'log', namespace, name, uid, content })
      return { step: 'done', result: text`${content.trimEnd().split('\n').length} lines kept` }
    },
  }
}
