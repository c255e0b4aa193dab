import { leadingBuild } from '../../../builds/build.ts'
import { buildOfPod, findBuilds, leadsAmong } from '../../../builds/builds.ts'
import type { Lead } from '../../../builds/leads.ts'
import { type BuildReading, readBuild } from '../../../builds/log/read.ts'
import { type MatchedBuilds, matchBuilds } from '../../../builds/match.ts'
import type { BuildSystem } from '../../../builds/systems.ts'
import { check, maybe } from '../../../diagnosis/check.ts'
import { referenceOf } from '../evidence/answers.ts'
import { theCluster, thePod } from '../inputs.ts'
import { registryService } from './cluster-registry.ts'
import { owner } from './owner.ts'
import { reference } from './pod.ts'

/** Every build of the cluster, as far as it may be listed. */
export const builds = check({
  id: 'builds',
  doing: 'Looking for builds',
  needs: { cluster: theCluster },
  gather: ({ cluster }, signal) => findBuilds(cluster, signal),
})

export interface ImageBuilds
  extends Omit<MatchedBuilds, 'unclear' | 'near'>,
    // Facts that were saved by an earlier version have none of these.
    Partial<Pick<MatchedBuilds, 'unclear' | 'near'>> {
  /** Jobs and CronJobs that were looked at, and builds among them. */
  readonly looked: number
  readonly builds: number
  /** Pods of no Job and no workload that were looked at. */
  readonly pods?: number
  /** False: there are more Jobs than were read. */
  readonly complete: boolean
  /** What could not be read, and why. Absent: it is not known. */
  readonly unread?: readonly string[]
  /** Systems that build here. */
  readonly systems?: readonly BuildSystem[]
  /** Objects that name the repository, and are not known to push it. Absent: nobody looked. */
  readonly leads?: readonly Lead[]
}

/** Whether everything that could build an image here was read, and nothing of it could be this image's build. */
export function isSearched({ complete, unread, systems, leads, unclear, open, near }: ImageBuilds): boolean {
  const nothingLeft = complete && unread?.length === 0 && leads?.length === 0
  const everySystem = systems?.every(({ searched }) => searched) ?? false
  return nothingLeft && everySystem && open.length === 0 && unclear?.length === 0 && near?.length === 0
}

/** The builds that push this image, or nearly this image. undefined: the reference is not valid. */
export const imageBuilds = check({
  id: 'image-builds',
  doing: 'Looking for its build',
  needs: { builds, reference, service: maybe(registryService) },
  async gather({ builds, reference, service }): Promise<ImageBuilds | undefined> {
    if (!reference.valid) return undefined
    const aliases = service.known && service.value ? service.value.aliases : []
    const matched = matchBuilds(builds.builds, reference.reference, { aliases, parse: referenceOf })
    const { repository } = reference.reference
    const known = new Set([...matched.exact, ...matched.otherTag, ...matched.otherRegistry].map(keyOf))
    const leads = leadsAmong(builds, repository)?.filter((it) => !known.has(keyOf(it)))
    const { looked, complete, pods, unread, systems } = builds
    return {
      ...matched,
      ...{ looked, complete, builds: builds.builds.length },
      ...(pods !== undefined && { pods }),
      ...(unread && { unread }),
      ...(systems && { systems }),
      ...(leads && { leads }),
    }
  },
})

function keyOf({ kind, namespace, name }: Lead): string {
  return `${kind} ${namespace}/${name}`
}

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
