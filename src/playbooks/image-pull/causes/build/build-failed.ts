import { leadingBuild } from '../../../../builds/build.ts'
import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { buildReading, imageBuilds } from '../../checks/builds.ts'
import { names } from '../../checks/pod.ts'
import { awaitBuild, buildEvidence, logLine, nameOfBuild, readLog, runAgain } from '../../evidence/builds.ts'
import { pullCause } from '../../model.ts'
import { defaultTagMissing } from '../content/default-tag-missing.ts'
import { repositoryMissing } from '../content/repository-missing.ts'
import { tagMissing } from '../content/tag-missing.ts'

/** The newest build that pushes this image failed. */
export const buildFailed = pullCause({
  id: 'build-failed',
  explains: [tagMissing, defaultTagMissing, repositoryMissing],
  needs: { imageBuilds, reading: maybe(buildReading), names },
  explain({ imageBuilds, reading, names }) {
    const build = leadingBuild(imageBuilds?.exact ?? []) ?? imageBuilds?.open[0]
    if (build?.state !== 'failed') return undefined
    const read = reading.known ? reading.value : undefined
    const isExact = imageBuilds?.exact.includes(build) ?? false
    if (!isExact && read?.pushesThis === false) return undefined
    const sure = isExact || read?.pushesThis === true
    const pushes = sure ? text`which pushes this image` : text`which may push this image`
    const error = read?.error
    const again = build.retries ? text` Kubernetes will try it again.` : text``
    return {
      title: 'Build failed',
      summary: error
        ? text`${nameOfBuild(build)}, ${pushes}, failed: ${error.title}.${error.willRepeat ? ' It will fail again until that is fixed.' : ''}${again}`
        : text`${nameOfBuild(build)}, ${pushes}, failed.${read?.gone ? ' Its pod and its log are gone.' : ''}${again}`,
      confidence: sure ? 'proven' : 'likely',
      because: [buildEvidence(build), ...logLine(build, read)],
      remedies: [
        ...(read?.gone ? [] : [readLog(build)]),
        ...(error ? [{ kind: 'action', title: text`${error.means}` } as const] : []),
        runAgain(build),
      ],
      verify: [awaitBuild(build), watchPod(names)],
      prevent: [],
    }
  },
})
