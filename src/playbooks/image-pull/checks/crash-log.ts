import { check } from '../../../diagnosis/check.ts'
import { redact } from '../../../secret.ts'
import { theCluster, thePod } from '../givens.ts'
import { thePull } from '../pull.ts'

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
