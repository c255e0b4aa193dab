import type { Observation } from '../../../diagnosis/observation.ts'
import { text } from '../../../text.ts'
import { buildEvidence, nameOfBuild, readLog, runAgain } from '../build-findings.ts'
import type { ImageBuilds } from '../checks/image-builds.ts'
import type { PullVerdict } from '../diagnosis.ts'
import type { Remedy } from '../finding.ts'

const missing: ReadonlySet<string> = new Set(['tag-missing', 'default-tag-missing', 'repository-missing'])

/** A build says that it pushed the image, and the registry does not have it: deleted since, or pushed to another place. */
export async function builtBefore(
  verdict: PullVerdict,
  ask: () => Promise<Observation<ImageBuilds | undefined>>,
): Promise<PullVerdict> {
  if (!missing.has(verdict.cause)) return verdict
  const builds = await ask()
  const [build] = (builds.known && builds.value?.exact) || []
  const [perhaps] = (builds.known && builds.value?.open) || []
  if (!build && perhaps)
    return {
      ...verdict,
      because: [...verdict.because, { ...buildEvidence(perhaps), confidence: 'possible' }],
      remedies: [...(perhaps.kind === 'Job' ? [readLog(perhaps)] : []), ...verdict.remedies],
    }
  if (!build?.finishedAt || build.state === 'failed') return verdict
  const log: Remedy = {
    ...readLog(build),
    title: text`${nameOfBuild(build)} ended well: read in its log where it pushed to`,
  }
  const again = [...(build.kind === 'Job' ? [log] : []), runAgain(build)]
  return { ...verdict, because: [...verdict.because, buildEvidence(build)], remedies: [...again, ...verdict.remedies] }
}
