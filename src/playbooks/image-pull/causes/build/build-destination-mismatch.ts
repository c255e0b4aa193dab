import type { Build } from '../../../../builds/build.ts'
import { maybe, type Observation } from '../../../../diagnosis/check.ts'
import type { NamesAnswer } from '../../../../registry/registry.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { type ImageBuilds, imageBuilds } from '../../checks/builds.ts'
import { names } from '../../checks/pod.ts'
import { tags } from '../../checks/registry.ts'
import { referenceOf } from '../../evidence/answers.ts'
import { buildEvidence, nameOfBuild } from '../../evidence/builds.ts'
import { pullCause } from '../../model.ts'
import { defaultTagMissing } from '../content/default-tag-missing.ts'
import { repositoryMissing } from '../content/repository-missing.ts'
import { tagMissing } from '../content/tag-missing.ts'

/** A build pushes the same repository with another tag or to another registry, or it pushes nothing. */
export const buildDestinationMismatch = pullCause({
  id: 'build-destination-mismatch',
  explains: [tagMissing, defaultTagMissing, repositoryMissing],
  needs: { imageBuilds, tags: maybe(tags), names },
  explain({ imageBuilds, tags, names }) {
    if (!imageBuilds) return undefined
    // A rehearsal with --no-push says nothing beside a build that pushes.
    if (!imageBuilds.exact.every(({ noPush }) => noPush)) return undefined
    const [silent] = imageBuilds.exact
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
      confidence:
        silent || (imageBuilds.otherTag.includes(build) && !othersPush(imageBuilds, tags)) ? 'proven' : 'likely',
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

/**
 * Whether something else may push this repository too, so that nobody knows which build was meant: a build whose destination
 * is open, a system that was not searched, or one that shows only by tags that no build of this cluster pushes.
 */
function othersPush(
  { open, unclear = [], systems = [], otherTag }: ImageBuilds,
  tags: Observation<NamesAnswer>,
): boolean {
  if (open.length + unclear.length > 0 || systems.some(({ searched }) => !searched)) return true
  const listed = tags.known && tags.value.status === 'names' ? tags.value.names : []
  const pushed = new Set(otherTag.flatMap(({ destinations }) => destinations.map(tagOf)))
  return listed.some((tag) => !pushed.has(tag))
}

function tagOf(destination: string): string {
  return referenceOf(destination)?.tag ?? 'latest'
}
