import type { Build } from '../builds/build.ts'
import { logOf, podsOfBuild, tellingContainer } from '../builds/pod-log.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import { redact } from '../secret.ts'

const log = { tailLines: 5, limitBytes: 16 * 1024 } as const
const lineLimit = 160

/** The last line that a running build has said, or what its pod waits for. undefined: nothing yet. */
export async function lastWords(cluster: Cluster, build: Build, signal: AbortSignal): Promise<string | undefined> {
  const [pod] = await podsOfBuild(cluster, build, signal)
  const telling = pod && tellingContainer(pod, build.containers)
  if (!telling) return undefined
  const waits = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses].find(
    ({ name, state }) => name === telling.name && state.waiting?.reason,
  )?.state.waiting
  if (waits) return waits.reason
  const text = await logOf(cluster, pod, telling, log, signal)
  const lines = redact(text ?? '')
    .split('\n')
    .map((line) => line.trim())
  return lines.findLast((line) => line !== '')?.slice(0, lineLimit)
}
