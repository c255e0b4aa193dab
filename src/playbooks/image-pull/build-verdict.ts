import type { Build } from '../../builds/build.ts'
import type { BuildReading } from '../../builds/read-build.ts'
import type { ManifestAnswer } from '../../registry/answers.ts'
import { text } from '../../text.ts'
import { awaitBuild, buildEvidence, logLine, nameOfBuild, readLog, runAgain } from './build-findings.ts'
import type { PullVerdict } from './diagnosis.ts'
import { answerEvidence } from './registry-evidence.ts'
import type { Route } from './route.ts'

/** A failed build as the target itself. `earlier`: what the registry says of the name that it would have pushed. */
export function buildVerdict(
  build: Build,
  reading: BuildReading | undefined,
  earlier: ManifestAnswer | undefined,
): PullVerdict {
  const error = reading?.error
  const [destination = 'no image'] = build.destinations
  const there = earlier?.status === 'found'
  const kept = there ? text` An earlier ${destination} is in the registry.` : text``
  return {
    cause: 'build-failed',
    title: 'Build failed',
    summary: error
      ? text`${nameOfBuild(build)} would have pushed ${destination}, and failed: ${error.title}.${kept}`
      : text`${nameOfBuild(build)} would have pushed ${destination}, and failed.${reading?.pod ? '' : ' Its log is gone with its pods.'}${kept}`,
    confidence: 'proven',
    because: [buildEvidence(build), ...logLine(build, reading), ...(earlier ? [answerEvidence(earlier)] : [])],
    remedies: [
      ...(reading?.pod ? [readLog(build)] : []),
      ...(error ? [{ kind: 'action', title: text`${error.means}` } as const] : []),
      ...(error?.willRepeat
        ? [
            {
              kind: 'action',
              title: text`It will fail again until that is mended: a second run alone changes nothing`,
            } as const,
          ]
        : []),
      runAgain(build),
    ],
    verify: [awaitBuild(build)],
    prevent: [],
  }
}

/** A push that timed out is the subject of another playbook. */
export function routeOfBuild(build: Build, reading: BuildReading | undefined): Route | undefined {
  if (!reading?.error?.pushTimedOut) return undefined
  return { playbook: 'kaniko-build-timeouts', note: text`${nameOfBuild(build)} timed out while it pushed its image.` }
}
