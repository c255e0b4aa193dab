import { matchBuilds } from '../../../builds/match-builds.ts'
import { check } from '../../../diagnosis/check.ts'
import { maybe } from '../../../diagnosis/maybe.ts'
import { parseReference } from '../../../registry/parse-reference.ts'
import { builds } from './builds.ts'
import { reference } from './reference.ts'
import { registryService } from './registry-service.ts'

/** The builds that push this image, or nearly this image. */
export const imageBuilds = check({
  id: 'image-builds',
  doing: 'Looking for its build',
  needs: { builds, reference, service: maybe(registryService) },
  async gather({ builds, reference, service }) {
    if (!reference.valid) return undefined
    const aliases = service.known && service.value ? service.value.aliases : []
    const matches = matchBuilds(builds.builds, reference.reference, { aliases, parse: parseReference })
    return { ...matches, complete: builds.complete, looked: builds.builds.length }
  },
})
