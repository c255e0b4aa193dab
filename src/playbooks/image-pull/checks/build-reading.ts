import { readBuild } from '../../../builds/read-build.ts'
import { check } from '../../../diagnosis/check.ts'
import { theCluster } from '../givens.ts'
import { imageBuilds } from './image-builds.ts'

/** How the newest build that pushes just this image, or perhaps does, went. undefined: there is none. */
export const buildReading = check({
  id: 'build-log',
  doing: 'Reading the log of its build',
  needs: { cluster: theCluster, imageBuilds },
  async gather({ cluster, imageBuilds }, signal) {
    const newest = imageBuilds?.exact[0] ?? imageBuilds?.open[0]
    return newest && readBuild(cluster, newest, signal)
  },
})
