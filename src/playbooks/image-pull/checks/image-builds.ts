import type { Lead } from '../../../builds/build-leads.ts'
import type { BuildSystem } from '../../../builds/build-systems.ts'
import { leadsAmong } from '../../../builds/find-builds.ts'
import { type MatchedBuilds, matchBuilds } from '../../../builds/match-builds.ts'
import { check } from '../../../diagnosis/check.ts'
import { maybe } from '../../../diagnosis/maybe.ts'
import { referenceOf } from '../reference-of.ts'
import { builds } from './builds.ts'
import { reference } from './reference.ts'
import { registryService } from './registry-service.ts'

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
