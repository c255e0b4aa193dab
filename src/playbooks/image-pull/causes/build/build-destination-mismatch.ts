import type { Build } from '../../../../builds/build.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { imageBuilds } from '../../checks/builds.ts'
import { names } from '../../checks/pod.ts'
import { buildEvidence, nameOfBuild } from '../../evidence/builds.ts'
import { pullCause } from '../../model.ts'
import { defaultTagMissing } from '../content/default-tag-missing.ts'
import { repositoryMissing } from '../content/repository-missing.ts'
import { tagMissing } from '../content/tag-missing.ts'

/** A build pushes the same repository with another tag or to another registry, or it pushes nothing. */
export const buildDestinationMismatch = pullCause({
  id: 'build-destination-mismatch',
  explains: [tagMissing, defaultTagMissing, repositoryMissing],
  needs: { imageBuilds, names },
  explain({ imageBuilds, names }) {
    if (!imageBuilds) return undefined
    const silent = imageBuilds.exact.find((build) => build.noPush)
    if (imageBuilds.exact.length > 0 && !silent) return undefined
    const build: Build | undefined =
      silent ?? imageBuilds.otherTag[0] ?? imageBuilds.otherRegistry[0] ?? imageBuilds.near?.[0]
    if (!build) return undefined
    const pushes = silent
      ? text`is configured to push nothing (--no-push)`
      : text`pushes ${build.destinations.join(', ')}`
    return {
      title: 'Built under another name',
      summary: text`${nameOfBuild(build)} ${pushes}, but the pod needs ${names.image}.`,
      // A tag that a pipeline fills in can differ from the one that was built last: the names are facts, what was meant is not.
      // Where another build may push just this tag, nobody knows which one was meant.
      confidence:
        silent || (imageBuilds.otherTag.includes(build) && imageBuilds.open.length === 0) ? 'proven' : 'likely',
      because: [
        buildEvidence(build),
        {
          says: text`container ${names.container} needs ${names.image}`,
          source: 'API server: the pod',
          confidence: 'proven',
        },
      ],
      remedies: [
        {
          kind: 'action',
          title: text`In Git, make the image of ${names.owner} and the destination of ${nameOfBuild(build)} the same`,
        },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
