import type { Build } from '../../builds/build.ts'
import { buildOfPod } from '../../builds/builds.ts'
import type { BuildReading } from '../../builds/log/read.ts'
import type { Observation, Run } from '../../diagnosis/check.ts'
import { childRun } from '../../diagnosis/run.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import type { ManifestAnswer } from '../../registry/registry.ts'
import { text } from '../../text.ts'
import { ownBuildLog } from './checks/builds.ts'
import { owner } from './checks/owner.ts'
import { type ManifestSeen, manifest } from './checks/registry.ts'
import { answerEvidence } from './evidence/answers.ts'
import { awaitBuild, buildEvidence, logLine, nameOfBuild, readLog, runAgain } from './evidence/builds.ts'
import { theImage } from './inputs.ts'
import type { ContainerDiagnosis, PullVerdict } from './model.ts'
import type { Route } from './route.ts'

interface BuildJudged {
  readonly failing: readonly ContainerDiagnosis[]
  readonly route: Route | undefined
}

/** A pod that is itself a part of a failed build: why it failed, and what it would have pushed. undefined: it is none. */
export async function judgeBuild(run: Run, pod: Pod): Promise<BuildJudged | undefined> {
  const owned = await owner.ask(run)
  const build = (owned.known ? owned.value?.build : undefined) ?? buildOfPod(pod)[0]
  if (!build || (build.state !== 'failed' && pod.status.phase !== 'Failed')) return undefined
  const [reading, earlier] = await Promise.all([ownBuildLog.ask(run), earlierImage(run, build)])
  const container = pod.spec.containers.find(({ name }) => build.containers?.includes(name)) ?? pod.spec.containers[0]
  const answer = earlier.known ? earlier.value.answer : undefined
  const verdict = buildVerdict(build, reading.known ? reading.value : undefined, answer)
  const open = reading.known ? [] : [{ cause: 'build-failed', reason: reading.reason }]
  return {
    failing: [
      {
        container: container?.name ?? '',
        image: container?.image ?? '',
        at: 'nowhere',
        verdict,
        also: [],
        chain: [verdict],
        undetermined: open,
        change: undefined,
      },
    ],
    route: reading.known ? routeOfBuild(build, reading.value) : undefined,
  }
}

/** What the registry has under the name that the build would have pushed. */
async function earlierImage(run: Run, { destinations: [image] }: Build): Promise<Observation<ManifestSeen>> {
  if (!image) return { known: false, reason: 'the build names no destination' }
  const own = childRun(run, image)
  theImage.give(own, { image, plainHttp: false })
  return manifest.ask(own)
}

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
