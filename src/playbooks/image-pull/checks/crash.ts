import { check } from '../../../diagnosis/check.ts'
import { redact } from '../../../secret.ts'
import { theCluster, thePod, thePull, theRegistry } from '../inputs.ts'
import { credentials } from './pull-secrets.ts'
import { registryQuestion } from './registry.ts'

/** The last words of a container that ran and ended. undefined: it left none. */
export const crashLog = check({
  id: 'crash-log',
  doing: 'Reading its last words',
  needs: { cluster: theCluster, pod: thePod, pull: thePull },
  async gather({ cluster, pod, pull }, signal) {
    const { namespace, name } = pod.metadata
    const log = await cluster.logs(
      { namespace, pod: name, container: pull.container, tailLines: 5, limitBytes: 4_096 },
      signal,
    )
    return log && redact(log)
  },
})

/** What the image is for, asked only where the container's last words raise the question. */
export const crashedImage = check({
  id: 'crashed-image',
  doing: 'Looking what the image is for',
  needs: { log: crashLog, registry: theRegistry, question: registryQuestion, credentials },
  async gather({ log, registry, question, credentials }, signal) {
    if (!log?.includes('exec format error')) return undefined
    return registry.content({ ...question, credential: credentials.matching[0], signal })
  },
})
