import { maybe } from '../../../../diagnosis/maybe.ts'
import { text } from '../../../../text.ts'
import { buildEvidence, nameOfBuild, readLog, runAgain } from '../../build-findings.ts'
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
    const build = imageBuilds?.exact[0]
    if (build?.state !== 'failed') return undefined
    const error = reading.known ? reading.value?.error : undefined
    return {
      title: 'Build failed',
      summary: error
        ? text`${nameOfBuild(build)}, which pushes this image, failed: ${error.title}.${error.willRepeat ? ' It will fail again until that is mended.' : ''}`
        : text`${nameOfBuild(build)}, which pushes this image, failed.`,
      confidence: 'proven',
      because: [
        buildEvidence(build),
        ...(error?.line
          ? [
              {
                says: text`its log says: ${error.line}`,
                source: `log of ${build.namespace}/${build.name}`,
                confidence: 'proven',
              } as const,
            ]
          : []),
      ],
      remedies: [
        readLog(build),
        ...(error ? [{ kind: 'action', title: text`${error.means}` } as const] : []),
        runAgain(build),
      ],
      verify: [
        {
          argv: [
            'kubectl',
            '-n',
            build.namespace,
            'wait',
            '--for=condition=complete',
            `job/${build.name}`,
            '--timeout=15m',
          ],
        },
        watchPod(names),
      ],
      prevent: [],
    }
  },
})
