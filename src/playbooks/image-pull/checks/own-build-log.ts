import { buildOfPod } from '../../../builds/find-builds.ts'
import { readBuild } from '../../../builds/read-build.ts'
import { check } from '../../../diagnosis/check.ts'
import { theCluster, thePod } from '../givens.ts'
import { owner } from './owner.ts'

/** How the build went that the pod itself is a part of. undefined: it is none. */
export const ownBuildLog = check({
  id: 'own-build-log',
  doing: 'Reading the log of the build',
  needs: { cluster: theCluster, pod: thePod, owner },
  async gather({ cluster, pod, owner }, signal) {
    const build = owner?.build ?? buildOfPod(pod)[0]
    if (!build) return undefined
    // One attempt may have failed before the Job gives up.
    const state = pod.status.phase === 'Failed' ? 'failed' : build.state
    return readBuild(cluster, { ...build, state }, signal)
  },
})
