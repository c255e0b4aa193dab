import { type Build, leadingBuild } from '../../../../builds/build.ts'
import { isMistyped } from '../../../../builds/match.ts'
import { maybe, type Observation } from '../../../../diagnosis/check.ts'
import { counted, text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { imageBuilds, isSearched } from '../../checks/builds.ts'
import { registryService } from '../../checks/cluster-registry.ts'
import { type GitBuilds, gitBuilds } from '../../checks/git.ts'
import { type Names, names, reference } from '../../checks/pod.ts'
import { repositories } from '../../checks/registry.ts'
import { buildEvidence, hasNeverRun, nameOfBuild, runAgain, searchEvidence } from '../../evidence/builds.ts'
import { pullCause, type Remedy } from '../../model.ts'
import { defaultTagMissing } from '../content/default-tag-missing.ts'
import { repositoryMissing } from '../content/repository-missing.ts'
import { tagMissing } from '../content/tag-missing.ts'

/** The registry in the cluster does not have the repository, and nothing in the cluster builds it. */
export const imageNeverBuilt = pullCause({
  id: 'image-never-built',
  explains: [repositoryMissing],
  needs: { reference, service: registryService, repositories, imageBuilds, gitBuilds: maybe(gitBuilds), names },
  explain({ reference, service, repositories, imageBuilds, gitBuilds, names }) {
    if (!service || !imageBuilds || repositories.status !== 'names' || repositories.names.length === 0) return undefined
    if (!reference.valid || repositories.names.includes(reference.reference.repository)) return undefined
    const { exact, otherTag, otherRegistry, open } = imageBuilds
    if (exact.length + otherTag.length + otherRegistry.length + open.length > 0) return undefined
    const wanted = reference.reference.repository
    const mistyped = repositories.names.find((it) => isMistyped(it, wanted))
    const confidence = isSearched(imageBuilds) && !mistyped ? 'proven' : 'likely'
    return {
      title: 'Image never built',
      summary: text`${names.image} is not in the registry, and ${confidence === 'proven' ? 'nothing in this cluster builds it' : 'no build of it was found in this cluster'}.${mistyped ? text` The registry has ${mistyped}: the name may be mistyped.` : text``}`,
      confidence,
      because: [
        {
          says: text`the registry has ${counted(repositories.names.length, 'repository', 'repositories')}, and not this one`,
          source: `${repositories.asked.method} ${repositories.asked.url}`,
          confidence: 'proven',
        },
        ...searchEvidence(imageBuilds),
      ],
      remedies: [
        ...inGit(gitBuilds, names),
        {
          kind: 'action',
          title: mistyped
            ? text`Or correct the name of the image in Git, if ${mistyped} was meant`
            : text`Or correct the name of the image, if another was meant`,
        },
      ],
      verify: [{ argv: ['kubectl', '-n', names.namespace, 'get', 'jobs'] }, watchPod(names)],
      prevent: [
        text`Create a build for every image in the registry, and run it before you deploy a workload that needs it.`,
      ],
    }
  },
})

function inGit(builds: Observation<GitBuilds>, { namespace, image }: Names): readonly Remedy[] {
  const [file] = (builds.known && builds.value.files) || []
  if (file)
    return [
      {
        kind: 'command',
        title: text`${file} in Git builds it, but is not in the cluster: apply it from there`,
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

/** A build that pushes this image is there and stands by: a CronJob that has not run yet, or a Job that is suspended. */
export const imageNeverBuiltYet = pullCause({
  id: 'image-never-built',
  explains: [tagMissing, defaultTagMissing, repositoryMissing],
  needs: { imageBuilds, names },
  explain({ imageBuilds, names }) {
    const build = leadingBuild(imageBuilds?.exact ?? [])
    if (!build || !imageBuilds?.exact.every(hasNeverRun)) return undefined
    return {
      title: 'Image not built yet',
      summary: text`${nameOfBuild(build)} builds ${names.image}, but has never run${build.state === 'suspended' ? ': it is suspended' : ''}.`,
      confidence: 'proven',
      because: [buildEvidence(build)],
      remedies: begin(build),
      verify: [{ argv: ['kubectl', '-n', build.namespace, 'get', 'jobs'] }, watchPod(names)],
      prevent: [],
    }
  },
})

function begin(build: Build): readonly Remedy[] {
  const resume: Remedy = { kind: 'action', title: text`In Git, remove suspend from ${nameOfBuild(build)}` }
  const resumed = build.state === 'suspended' ? [resume] : []
  return build.kind === 'CronJob' ? [runAgain(build), ...resumed] : resumed
}
