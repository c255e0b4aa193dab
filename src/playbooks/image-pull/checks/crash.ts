import { check } from '../../../diagnosis/check.ts'
import type { Pod } from '../../../kubernetes/resources.ts'
import { redact } from '../../../secret.ts'
import { theCluster, thePod, thePull, theRegistry } from '../inputs.ts'
import { credentials } from './pull-secrets.ts'
import { registryQuestion } from './registry.ts'

/** The last words of a container that ran and ended, or why its program could not be started. undefined: it left none. */
export const crashLog = check({
  id: 'crash-log',
  doing: 'Reading its last words',
  needs: { cluster: theCluster, pod: thePod, pull: thePull },
  async gather({ cluster, pod, pull }, signal) {
    const { namespace, name } = pod.metadata
    const words = startFailure(pod, pull.container)
    if (words) return redact(words)
    const log = await cluster.logs(
      { namespace, pod: name, container: pull.container, tailLines: 5, limitBytes: 4_096 },
      signal,
    )
    return log && redact(log)
  },
})

/** A program that cannot be started writes no log: the runtime's words are in the status. */
function startFailure({ status }: Pod, container: string): string | undefined {
  const own = [...status.initContainerStatuses, ...status.containerStatuses].find(({ name }) => name === container)
  const words = [own?.state.waiting?.message, own?.state.terminated?.message, own?.lastState.terminated?.message]
  return words.find((it) => it !== undefined && isExecFormatError(it))
}

/** The kernel's ENOEXEC, as the C library, shells and Go word it. */
export function isExecFormatError(words: string): boolean {
  return /exec format error/i.test(words)
}

/** What the image is for, asked only where the container's last words raise the question. */
export const crashedImage = check({
  id: 'crashed-image',
  doing: 'Looking what the image is for',
  needs: { log: crashLog, registry: theRegistry, question: registryQuestion, credentials },
  async gather({ log, registry, question, credentials }, signal) {
    if (!log || !isExecFormatError(log)) return undefined
    return registry.content({ ...question, credential: credentials.matching[0], signal })
  },
})
