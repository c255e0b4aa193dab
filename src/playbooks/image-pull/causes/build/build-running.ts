import { type Build, leadingBuild } from '../../../../builds/build.ts'
import type { BuildReading } from '../../../../builds/log/read.ts'
import { maybe } from '../../../../diagnosis/check.ts'
import { read } from '../../../../messages/read.ts'
import { counted, text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { buildReading, imageBuilds } from '../../checks/builds.ts'
import { type Names, names } from '../../checks/pod.ts'
import { awaitBuild, buildEvidence, followLog, logLine, nameOfBuild, readLog } from '../../evidence/builds.ts'
import { type PullFinding, pullCause } from '../../model.ts'
import { defaultTagMissing } from '../content/default-tag-missing.ts'
import { repositoryMissing } from '../content/repository-missing.ts'
import { tagMissing } from '../content/tag-missing.ts'

/** The build that pushes this image has not finished. */
export const buildRunning = pullCause({
  id: 'build-running',
  explains: [tagMissing, defaultTagMissing, repositoryMissing],
  needs: { imageBuilds, reading: maybe(buildReading), names },
  explain({ imageBuilds, reading, names }) {
    const build = leadingBuild(imageBuilds?.exact ?? [])
    if (build?.state !== 'running' && build?.state !== 'pending') return undefined
    const failed = imageBuilds?.exact.find((it) => it !== build && it.state === 'failed')
    const read = reading.known ? reading.value : undefined
    return read?.waits ? cannotStart(build, read.pod ?? '', read.waits, names) : goesOn(build, failed, read, names)
  },
})

/** `failed`: the newest other build of the image that failed. */
function goesOn(build: Build, failed: Build | undefined, reading: BuildReading | undefined, names: Names): PullFinding {
  const stands =
    build.state === 'running'
      ? text`is still running`
      : build.failures > 0
        ? text`failed ${counted(build.failures, 'time')} so far and will be tried again`
        : text`is waiting to start`
  const before = failed ? text` ${nameOfBuild(failed)} failed.` : text``
  return {
    title: 'Build not finished',
    summary: text`${nameOfBuild(build)}, which pushes this image, ${stands}.${before}`,
    confidence: 'proven',
    because: [buildEvidence(build), ...logLine(build, reading), ...(failed ? [buildEvidence(failed)] : [])],
    remedies: [
      {
        kind: 'command',
        title: text`Watch the build; the pod pulls the image within five minutes after it has finished`,
        argv: followLog(build),
      },
      ...(build.failures > 0 ? [readLog(build)] : []),
    ],
    verify: [awaitBuild(build), watchPod(names)],
    prevent: [],
  }
}

function cannotStart(
  build: Build,
  pod: string,
  { reason, message, image }: NonNullable<BuildReading['waits']>,
  names: Names,
): PullFinding {
  const why = image ? text`waits with ${reason} for ${image}` : text`cannot be scheduled on any node`
  return {
    title: 'Build cannot start',
    summary: text`${nameOfBuild(build)}, which pushes this image, cannot start: its pod ${why}.`,
    confidence: 'proven',
    because: [
      buildEvidence(build),
      {
        says: text`its pod says: ${image ? read(message, reason).text : message}`,
        source: `API server: pod ${build.namespace}/${pod}`,
        confidence: 'proven',
      },
    ],
    remedies: [
      image
        ? {
            kind: 'action',
            title: text`First make the build's own image available: ask imagepull about ${build.namespace}/${pod}`,
          }
        : {
            kind: 'command',
            title: text`Find out why no node takes it`,
            argv: ['kubectl', '-n', build.namespace, 'describe', 'pod', pod],
          },
    ],
    verify: [awaitBuild(build), watchPod(names)],
    prevent: [],
  }
}
