import { type MatchedBuilds, matchBuilds } from '../../../builds/match-builds.ts'
import { check } from '../../../diagnosis/check.ts'
import { maybe } from '../../../diagnosis/maybe.ts'
import { referenceOf } from '../reference-of.ts'
import { builds } from './builds.ts'
import { reference } from './reference.ts'
import { registryService } from './registry-service.ts'

export interface ImageBuilds extends MatchedBuilds {
  /** Jobs and CronJobs that were looked at, and builds among them. */
  readonly looked: number
  readonly builds: number
  /** False: there are more Jobs than were read. */
  readonly complete: boolean
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
    return { ...matched, looked: builds.looked, builds: builds.builds.length, complete: builds.complete }
  },
})
