import type { Build } from '../../builds/build.ts'
import { buildOfPod } from '../../builds/find-builds.ts'
import { childRun } from '../../diagnosis/create-run.ts'
import type { Observation } from '../../diagnosis/observation.ts'
import type { Run } from '../../diagnosis/run.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import { buildVerdict, routeOfBuild } from './build-verdict.ts'
import { type ManifestSeen, manifest } from './checks/manifest.ts'
import { ownBuildLog } from './checks/own-build-log.ts'
import { owner } from './checks/owner.ts'
import type { ContainerDiagnosis } from './diagnosis.ts'
import { theImage } from './pull.ts'
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
