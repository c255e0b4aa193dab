import { findBuilds } from '../../../builds/find-builds.ts'
import { check } from '../../../diagnosis/check.ts'
import { theCluster } from '../givens.ts'

/** Every build of the cluster, as far as it may be listed. */
export const builds = check({
  id: 'builds',
  doing: 'Looking for builds',
  needs: { cluster: theCluster },
  gather: ({ cluster }, signal) => findBuilds(cluster, signal),
})
