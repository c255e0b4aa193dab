import { leadingBuild } from '../../../builds/build.ts'
import { matchBuilds } from '../../../builds/match-builds.ts'
import { type BuildReading, readBuild } from '../../../builds/read-build.ts'
import { check } from '../../../diagnosis/check.ts'
import { maybe } from '../../../diagnosis/maybe.ts'
import { theCluster } from '../givens.ts'
import { referenceOf } from '../reference-of.ts'
import { imageBuilds } from './image-builds.ts'
import { reference } from './reference.ts'
import { registryService } from './registry-service.ts'

export interface ImageBuildReading extends BuildReading {
  /** Whether the log says that it pushes just this image. Absent: the log does not say what it pushes. */
  readonly pushesThis?: boolean
}

/** How the build that decides about this image went. undefined: there is none that pushes it, or perhaps does. */
export const buildReading = check({
  id: 'build-log',
  doing: 'Reading the log of its build',
  needs: { cluster: theCluster, imageBuilds, reference, service: maybe(registryService) },
  async gather({ cluster, imageBuilds, reference, service }, signal): Promise<ImageBuildReading | undefined> {
    const build = leadingBuild(imageBuilds?.exact ?? []) ?? imageBuilds?.open[0]
    if (!build) return undefined
    const reading = await readBuild(cluster, build, signal)
    if (!reading.pushes || !reference.valid) return reading
    const aliases = service.known && service.value ? service.value.aliases : []
    // BuildKit names images with their registry, docker without their tag: only what has both decides.
    const said = { ...build, destinations: reading.pushes, hidden: false }
    const { exact, otherTag } = matchBuilds([said], reference.reference, { aliases, parse: referenceOf })
    const isWhole = reading.pushes.some((it) => /:[^/]+$/.test(it))
    return exact.length > 0 || (otherTag.length > 0 && isWhole) ? { ...reading, pushesThis: exact.length > 0 } : reading
  },
})
