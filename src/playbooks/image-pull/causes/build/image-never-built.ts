import { isMistyped } from '../../../../builds/match-builds.ts'
import { maybe } from '../../../../diagnosis/maybe.ts'
import type { Observation } from '../../../../diagnosis/observation.ts'
import { counted, text } from '../../../../text.ts'
import { searchEvidence } from '../../build-search.ts'
import { type GitBuilds, gitBuilds } from '../../checks/git-builds.ts'
import { imageBuilds, isSearched } from '../../checks/image-builds.ts'
import { type Names, names } from '../../checks/names.ts'
import { reference } from '../../checks/reference.ts'
import { registryService } from '../../checks/registry-service.ts'
import { repositories } from '../../checks/repositories.ts'
import type { Remedy } from '../../finding.ts'
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
    const { exact, otherTag, otherRegistry, open } = imageBuilds
    if (exact.length + otherTag.length + otherRegistry.length + open.length > 0) return undefined
    const wanted = reference.reference.repository
    const mistyped = repositories.names.find((it) => isMistyped(it, wanted))
    const confidence = isSearched(imageBuilds) && !mistyped ? 'proven' : 'likely'
    return {
      title: 'Image never built',
      summary: text`${names.image} is not in the registry, and ${confidence === 'proven' ? 'nothing in this cluster builds it' : 'no build of it was found in this cluster'}.${mistyped ? text` The registry has ${mistyped}: perhaps the name is mistyped.` : text``}`,
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
