import { stripVTControlCharacters } from 'node:util'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { Resource } from '../kubernetes/resources.ts'
import { redact } from '../secret.ts'

const log = { tailLines: 5, limitBytes: 16 * 1024 } as const
const lineLimit = 160

/** The last line that a running Job has said, or what its pod waits for. undefined: nothing yet. */
export async function lastWords(
  cluster: Cluster,
  { metadata }: Resource<'jobs'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { namespace, name } = metadata
  const pods = await cluster.list('pods', { namespace, labels: { 'batch.kubernetes.io/job-name': name } }, signal)
  const [pod] = pods.items.toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))
  const container = pod?.spec.containers[0]?.name
  if (!pod || !container) return undefined
  const waits = pod.status.containerStatuses.find(({ state }) => state.waiting?.reason)?.state.waiting
  if (waits) return waits.reason
  const text = await cluster.logs({ namespace, pod: pod.metadata.name, container, ...log }, signal)
  const lines = redact(stripVTControlCharacters(text ?? ''))
    .split('\n')
    .map((line) => line.trim())
  return lines.findLast((line) => line !== '')?.slice(0, lineLimit)
}
