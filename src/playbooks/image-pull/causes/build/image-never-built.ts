import { maybe } from '../../../../diagnosis/maybe.ts'
import type { Observation } from '../../../../diagnosis/observation.ts'
import { counted, text } from '../../../../text.ts'
import { type GitBuilds, gitBuilds } from '../../checks/git-builds.ts'
import { imageBuilds } from '../../checks/image-builds.ts'
import { type Names, names } from '../../checks/names.ts'
import { reference } from '../../checks/reference.ts'
import { registryService } from '../../checks/registry-service.ts'
import { repositories } from '../../checks/repositories.ts'
import type { Evidence, Remedy } from '../../finding.ts'
import { pullCause } from '../../pull-cause.ts'
import { watchPod } from '../../remedies.ts'
import { repositoryMissing } from '../content/repository-missing.ts'

/** The registry in the cluster does not know the repository, and nothing in the cluster builds it. */
export const imageNeverBuilt = pullCause({
  id: 'image-never-built',
  explains: [repositoryMissing],
  needs: { reference, service: registryService, repositories, imageBuilds, gitBuilds: maybe(gitBuilds), names },
  explain({ reference, service, repositories, imageBuilds, gitBuilds, names }) {
    if (!service || !imageBuilds || repositories.status !== 'names' || repositories.names.length === 0) return undefined
    if (!reference.valid || repositories.names.includes(reference.reference.repository)) return undefined
    const { exact, otherTag, otherRegistry, open, complete, looked, builds } = imageBuilds
    if (exact.length + otherTag.length + otherRegistry.length + open.length > 0) return undefined
    const nothing: Evidence = {
      says: text`${builds === 0 ? 'no build is' : text`none of ${counted(builds, 'build')} is its own,`} among ${counted(looked, 'Job or CronJob', 'Jobs and CronJobs')}${complete ? '' : '; there are more than were read'}`,
      source: 'API server: list jobs and cronjobs in all namespaces',
      confidence: complete ? 'proven' : 'likely',
    }
    return {
      title: 'Image never built',
      summary: text`${names.image} is not in the registry, and nothing in this cluster builds it.`,
      confidence: complete ? 'proven' : 'likely',
      because: [
        {
          says: text`the registry has ${counted(repositories.names.length, 'repository', 'repositories')}, and not this one`,
          source: `${repositories.asked.method} ${repositories.asked.url}`,
          confidence: 'proven',
        },
        nothing,
      ],
      remedies: [
        ...inGit(gitBuilds, names),
        { kind: 'action', title: text`Or correct the name of the image, if another was meant` },
      ],
      verify: [{ argv: ['kubectl', '-n', names.namespace, 'get', 'jobs'] }, watchPod(names)],
      prevent: [text`Have a build for every image of the registry, and run it before what needs it is deployed.`],
    }
  },
})

function inGit(builds: Observation<GitBuilds>, { namespace, image }: Names): readonly Remedy[] {
  const [file] = (builds.known && builds.value.files) || []
  if (file)
    return [
      {
        kind: 'command',
        title: text`${file} in Git builds it, and is not in the cluster: apply it from there`,
        argv: ['kubectl', '-n', namespace, 'apply', '-f', file],
      },
    ]
  const proposed = builds.known ? builds.value.proposed : undefined
  return [
    {
      kind: 'action',
      title: text`Commit a build Job that pushes ${image}${proposed ? text`, for example as ${proposed}` : ''}`,
    },
  ]
}
