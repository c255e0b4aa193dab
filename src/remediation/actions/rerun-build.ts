import { z } from 'zod'
import { type Build, isActive, leadingBuild } from '../../builds/build.ts'
import { text } from '../../text.ts'
import { action, type Offering, type Situation } from '../action.ts'
import { rightsIn } from '../action-id.ts'
import { activeBuild, jobOfSource, jobSourceSchema, nameOfJob, readJobSource } from '../sources/job.ts'
import { inBoth, stuckPodSchema, stuckPods } from '../sources/stuck-pods.ts'
import { createJob, followBuild, type JobToMake, keepLog, tryJob } from '../steps/jobs.ts'
import { deletePods } from '../steps/pods.ts'
import { endBuildIncident, imageAppears, imageQuestion, imageQuestionSchema } from '../steps/registry.ts'
import { buildSeconds, cutName, deletesAfterwards, takesAbout } from './wording.ts'

const detailsSchema = z.object({
  source: jobSourceSchema,
  destinations: z.array(z.string()),
  image: imageQuestionSchema.optional(),
  /** The pods that are deleted after the build has succeeded, so that they pull at once. */
  pods: z.array(stuckPodSchema),
  before: z.object({ error: z.string(), took: z.number() }),
  /** Whether the incident is about the build itself, and not about a pod that waits for it. */
  ofBuild: z.boolean(),
})
type Details = z.infer<typeof detailsSchema>

/** Verdicts that a new build of the same source can repair. If no build is known, the reason is shown. */
const mendable: ReadonlySet<string> = new Set([
  'build-failed',
  'registry-storage-lost',
  'blob-missing',
  'corrupt-content',
])
/** Verdicts that often have nothing to do with a build, such as a mistyped tag of an image of another vendor. */
const perhaps: ReadonlySet<string> = new Set([
  'image-never-built',
  'repository-missing',
  'tag-missing',
  'default-tag-missing',
])
/** The number of reruns in one incident after which a person should look at the build itself. */
const most = 3

const job: JobToMake<Details> = {
  name: ({ details, approval }) => ({
    namespace: details.source.namespace,
    name: nameOfJob(details.source, approval),
  }),
  manifest: ({ details, approval, writes, signal }) => jobOfSource(writes.raw, details.source, approval, signal),
}

/** Runs a build again, waits for its image, and deletes the pods that wait for it, so that they pull at once. */
export const rerunBuild = action<Details>({
  id: 'rerun-build',
  label: 'Rerun build',
  who: 'permitted',
  checkedAnew: true,
  details: detailsSchema,

  offer(situation): Offering {
    const { facts, incident } = situation
    const { cause } = facts.failing.verdict
    if (!mendable.has(cause) && !perhaps.has(cause)) return undefined
    if (perhaps.has(cause) && !findBuild(situation)) return undefined
    if (!facts.ownBuild && !facts.builds.known)
      return { offered: 'no', reason: text`its builds could not be read: ${facts.builds.reason}` }
    const build = findBuild(situation)
    if (!build) return cause === 'build-failed' ? undefined : { offered: 'no', reason: text`no build of it is known` }
    const active = facts.builds.known ? facts.builds.value?.exact.find(isActive) : undefined
    if (active)
      return { offered: 'no', reason: text`${active.kind} ${active.namespace}/${active.name} is already building it` }
    if (build.kind === 'Job' && build.state === 'suspended')
      return { offered: 'no', reason: text`it is suspended in Git` }
    if (build.kind === 'Pod') return { offered: 'no', reason: text`${ownerWords(build)}` }
    if (build.noPush) return { offered: 'no', reason: text`it pushes nothing (--no-push)` }
    const failed = incident.actions.filter((it) => it.action === 'rerun-build' && it.state === 'failed').length
    if (failed >= most) return { offered: 'no', reason: text`it failed ${failed} times here: examine the build itself` }
    const again = facts.reading.known && facts.reading.value?.error?.willRepeat
    return { offered: again ? 'button' : 'primary' }
  },

  async plan(situation, { cluster, raw }, signal) {
    const { facts, incident } = situation
    const build = findBuild(situation)
    if (!build) return { refused: text`No build of it is known.` }
    const origin = toSource(build)
    if (!origin) return { refused: text`Pod ${build.namespace}/${build.name} cannot be copied: ${ownerWords(build)}.` }
    const running = await activeBuild(facts.clusterBuilds, cluster, build.destinations, signal)
    if (running) return { refused: text`${running.kind} ${running.namespace}/${running.name} is already building it.` }
    const read = await readJobSource(raw, origin, signal)
    if ('refused' in read) return read
    const { source } = read
    const image = imageQuestion(facts.ownBuild ? (build.destinations[0] ?? '') : facts.failing.image, facts.service)
    const pods = facts.ownBuild ? [] : await stuckPods(cluster, incident, facts.pod, signal)
    const error = facts.reading.known ? facts.reading.value?.error : undefined
    const before = {
      error: error?.class ?? '',
      took: buildSeconds(facts.builds.known && facts.builds.value ? facts.builds.value.exact : [build]),
    }
    const { namespace, kind, name, uid } = source
    const details: Details = {
      source,
      destinations: [...build.destinations],
      ...(image && { image }),
      pods: [...pods],
      before,
      ofBuild: facts.ownBuild !== undefined,
    }
    return {
      namespace,
      target: { kind, namespace, name, uid },
      details,
      confirm: {
        title: 'Rerun this build?',
        yes: 'Rerun build',
        sentences: [
          `${kind === 'Job' ? 'Creates a copy of Job' : 'Runs CronJob'} ${cutName(`${namespace}/${name}`)} in ${cutName(incident.cluster, 30)}.`,
          ...(error?.willRepeat ? ['With the same source, the same error is likely.'] : []),
          `It builds from the same source and pushes ${cutName(build.destinations[0] ?? 'nothing', 60)}.`,
          ...deletesAfterwards(pods.length),
          'The old Job and its log are kept.',
          ...takesAbout(before.took),
        ],
      },
    }
  },

  needs: ({ source }) => rightsIn('rerun-build', source.namespace),
  binds: ({ source, destinations }) => ({ source, destinations }),
  narrowed: (now, offered) => ({ ...now, pods: inBoth(now.pods, offered.pods) }),

  steps: [
    keepLog(({ source }) => source),
    tryJob(job),
    createJob(job),
    followBuild(({ before }) => before),
    imageAppears(({ image }) => image),
    deletePods({ pods: ({ pods }) => pods, forbidden: 'goes-on' }),
    endBuildIncident(({ ofBuild, destinations }) => ({ ofBuild, destinations })),
  ],
})

/**
 * Returns the subject itself, or the build that decides about this image. Of equal builds it prefers one that can be
 * created again.
 */
function findBuild({ facts }: Pick<Situation, 'facts'>): Build | undefined {
  if (facts.ownBuild) return facts.ownBuild
  const exact = (facts.builds.known && facts.builds.value?.exact) || []
  return leadingBuild(exact.filter(({ kind }) => kind !== 'Pod')) ?? leadingBuild(exact)
}

function ownerWords({ owner }: Build): string {
  return owner
    ? `it is made by ${owner.kind} ${owner.name}: that has to be run again`
    : 'no Job made it, so it has to be applied again'
}

/** A run of a CronJob is created from the current CronJob, not from an old run. undefined: no Job created it. */
function toSource({ kind, namespace, name, owner }: Build) {
  if (kind === 'Pod') return undefined
  return owner?.kind === 'CronJob'
    ? ({ kind: 'CronJob', namespace, name: owner.name } as const)
    : ({ kind, namespace, name } as const)
}
