import { z } from 'zod'
import { text } from '../../text.ts'
import { action, type Offering, type Situation } from '../action.ts'
import { rightsIn } from '../action-id.ts'
import { gitJobSchema, readGitJob } from '../sources/git-job.ts'
import { activeBuild, toMarks } from '../sources/job.ts'
import { inBoth, stuckPodSchema, stuckPods } from '../sources/stuck-pods.ts'
import { createJob, followBuild, type JobToMake, tryJob } from '../steps/jobs.ts'
import { awaitReady, deletePods } from '../steps/pods.ts'
import { imageAppears, imageQuestion, imageQuestionSchema } from '../steps/registry.ts'
import { cutName, deletesAfterwards } from './wording.ts'

const detailsSchema = z.object({
  job: gitJobSchema,
  /** The image that the Job must push, and other names of its registry. */
  image: z.string(),
  aliases: z.array(z.string()),
  question: imageQuestionSchema.optional(),
  pods: z.array(stuckPodSchema),
})
type Details = z.infer<typeof detailsSchema>

const job: JobToMake<Details> = {
  name: ({ details: { job } }) => ({ namespace: job.namespace, name: job.name }),
  async manifest({ details: { job, image, aliases }, watched, approval, signal }) {
    const directory = watched.gitDirectory
    if (directory === undefined) return undefined
    const read = await readGitJob({ directory, file: job.file, image, aliases, namespace: job.namespace }, signal)
    if ('refused' in read || read.job.hash !== job.hash) return undefined
    const { metadata } = read.manifest
    const annotations = { ...(metadata.annotations as object), ...toMarks(approval) } // what readGitJob put there
    return { ...read.manifest, metadata: { ...metadata, annotations } }
  },
}

/** Runs a build that is in Git and not in the cluster. */
export const createBuild = action<Details>({
  id: 'create-build',
  label: 'Create build',
  who: 'permitted',
  checkedAnew: true,
  details: detailsSchema,

  offer(situation): Offering {
    if (situation.facts.failing.verdict.cause !== 'image-never-built') return undefined
    return findFile(situation) ? { offered: 'primary' } : undefined
  },

  async plan(situation, { cluster, gitDirectory, raw }, signal) {
    const { facts, incident } = situation
    const file = findFile(situation)
    if (!file || gitDirectory === undefined) return { refused: text`No manifest of its build is known.` }
    const { image } = facts.failing
    const { namespace } = incident.subject
    const aliases = facts.service.known && facts.service.value ? [...facts.service.value.aliases] : []
    const read = await readGitJob({ directory: gitDirectory, file, image, aliases, namespace }, signal)
    if ('refused' in read) return read
    const { job } = read
    if (await raw('jobs', { namespace, name: job.name }, signal))
      return { refused: text`Job ${namespace}/${job.name} already exists.` }
    const running = await activeBuild(facts.clusterBuilds, cluster, job.destinations, signal)
    if (running) return { refused: text`${running.kind} ${running.namespace}/${running.name} is already building it.` }
    const question = imageQuestion(image, facts.service)
    const pods = await stuckPods(cluster, incident, facts.pod, signal)
    return {
      namespace,
      target: { kind: 'Job', namespace, name: job.name, uid: '' },
      details: { job, image, aliases, ...(question && { question }), pods: [...pods] },
      confirm: {
        title: 'Run this build?',
        yes: 'Create build',
        sentences: [
          `Creates Job ${cutName(`${namespace}/${job.name}`)} in ${cutName(incident.cluster, 30)} from ${cutName(file, 60)} in Git.`,
          `It pushes ${cutName(job.destinations[0] ?? 'nothing', 60)}.`,
          ...deletesAfterwards(pods.length),
          'Nothing else of that file is applied.',
        ],
      },
    }
  },

  needs: ({ job }) => rightsIn('create-build', job.namespace),
  binds: ({ job, image }) => ({ job, image }),
  narrowed: (now, offered) => ({ ...now, pods: inBoth(now.pods, offered.pods) }),

  steps: [
    tryJob(job),
    createJob(job),
    followBuild(() => ({ error: '', took: 0 })),
    imageAppears(({ question }) => question),
    deletePods({ pods: ({ pods }) => pods, forbidden: 'goes-on' }),
    awaitReady(),
  ],
})

function findFile({ facts }: Pick<Situation, 'facts'>): string | undefined {
  return facts.gitBuilds.known ? facts.gitBuilds.value.files?.[0] : undefined
}
