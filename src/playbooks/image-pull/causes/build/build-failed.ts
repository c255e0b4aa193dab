import { maybe } from '../../../../diagnosis/maybe.ts'
import { text } from '../../../../text.ts'
import { awaitBuild, buildEvidence, logLine, nameOfBuild, readLog, runAgain } from '../../build-findings.ts'
import { buildReading } from '../../checks/build-reading.ts'
import { imageBuilds } from '../../checks/image-builds.ts'
import { names } from '../../checks/names.ts'
import { pullCause } from '../../pull-cause.ts'
import { watchPod } from '../../remedies.ts'
import { defaultTagMissing } from '../content/default-tag-missing.ts'
import { repositoryMissing } from '../content/repository-missing.ts'
import { tagMissing } from '../content/tag-missing.ts'

/** The newest build that pushes this image failed. */
export const buildFailed = pullCause({
  id: 'build-failed',
  explains: [tagMissing, defaultTagMissing, repositoryMissing],
  needs: { imageBuilds, reading: maybe(buildReading), names },
  explain({ imageBuilds, reading, names }) {
    const build = imageBuilds?.exact[0] ?? imageBuilds?.open[0]
    if (build?.state !== 'failed') return undefined
    const sure = imageBuilds?.exact.includes(build)
    const pushes = sure ? text`which pushes this image` : text`which may push this image`
    const error = reading.known ? reading.value?.error : undefined
    return {
      title: 'Build failed',
      summary: error
        ? text`${nameOfBuild(build)}, ${pushes}, failed: ${error.title}.${error.willRepeat ? ' It will fail again until that is mended.' : ''}`
        : text`${nameOfBuild(build)}, ${pushes}, failed.`,
      confidence: sure ? 'proven' : 'likely',
      because: [buildEvidence(build), ...logLine(build, reading.known ? reading.value : undefined)],
      remedies: [
        readLog(build),
        ...(error ? [{ kind: 'action', title: text`${error.means}` } as const] : []),
        runAgain(build),
      ],
      verify: [awaitBuild(build), watchPod(names)],
      prevent: [],
    }
  },
})
