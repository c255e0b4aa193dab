import { type Build, leadingBuild } from '../../../../builds/build.ts'
import { text } from '../../../../text.ts'
import { buildEvidence, hasNeverRun, nameOfBuild, runAgain } from '../../build-findings.ts'
import { imageBuilds } from '../../checks/image-builds.ts'
import { names } from '../../checks/names.ts'
import type { Remedy } from '../../finding.ts'
import { pullCause } from '../../pull-cause.ts'
import { watchPod } from '../../remedies.ts'
import { defaultTagMissing } from '../content/default-tag-missing.ts'
import { repositoryMissing } from '../content/repository-missing.ts'
import { tagMissing } from '../content/tag-missing.ts'

/** A build that pushes this image is there and stands by: a CronJob that has not run yet, or a Job that is suspended. */
export const imageNeverBuiltYet = pullCause({
  id: 'image-never-built',
  explains: [tagMissing, defaultTagMissing, repositoryMissing],
  needs: { imageBuilds, names },
  explain({ imageBuilds, names }) {
    const build = leadingBuild(imageBuilds?.exact ?? [])
    if (!build || !imageBuilds?.exact.every(hasNeverRun)) return undefined
    return {
      title: 'Image not built yet',
      summary: text`${nameOfBuild(build)} builds ${names.image}, and has never run${build.state === 'suspended' ? ': it is suspended' : ''}.`,
      confidence: 'proven',
      because: [buildEvidence(build)],
      remedies: begin(build),
      verify: [{ argv: ['kubectl', '-n', build.namespace, 'get', 'jobs'] }, watchPod(names)],
      prevent: [],
    }
  },
})

function begin(build: Build): readonly Remedy[] {
  const resume: Remedy = { kind: 'action', title: text`In Git, take suspend away from ${nameOfBuild(build)}` }
  const resumed = build.state === 'suspended' ? [resume] : []
  return build.kind === 'CronJob' ? [runAgain(build), ...resumed] : resumed
}
