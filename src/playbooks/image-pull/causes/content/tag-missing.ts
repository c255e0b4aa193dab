import { maybe } from '../../../../diagnosis/check.ts'
import { nearestTags } from '../../../../registry/nearest.ts'
import type { NamesAnswer } from '../../../../registry/registry.ts'
import { counted, joinTexts, type Text, text } from '../../../../text.ts'
import { setImage, watchPod, withTag } from '../../advice/remedies.ts'
import { message, type Names, names, reference } from '../../checks/pod.ts'
import { isRepositoryMissing, manifest, repositories, tags } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { type Evidence, type PullFinding, pullCause } from '../../model.ts'
import { presumeRow, registryDecides } from '../../text-causes.ts'
import { mirrorFailed } from '../way/mirror-failed.ts'

/** The repository exists, but does not have the tag. */
export const tagMissing = pullCause({
  id: 'tag-missing',
  explains: [...registryDecides, mirrorFailed],
  needs: { reference, manifest, tags: maybe(tags), repositories: maybe(repositories), names, message },
  explain({ reference, manifest, tags, repositories, names, message }) {
    if (!reference.valid) return undefined
    const { tag, digest, repository, host } = reference.reference
    if (!tag || digest || isRepositoryMissing(tags, repositories, repository)) return undefined
    const listed = tags.known && tags.value.status === 'names' ? tags.value : undefined
    const contradicted = listed?.names.includes(tag) ?? false
    const { answer } = manifest
    // Artifactory forbids what a virtual repository does not have; its list of tags, given to the same login, tells.
    const hidden = answer.status === 'denied' && answer.by === 'registry' && listed?.complete && !contradicted
    if (answer.status !== 'missing' && !hidden) return undefined
    const near = listed ? nearestTags(tag, listed.names) : []
    return {
      title: 'Tag missing',
      summary: text`${host}/${repository} has no tag ${tag}.${near[0] ? text` Nearest: ${near[0].name} (${near[0].why}).` : text``}`,
      // Only where the repository itself was seen, and its list says the same, is the tag what is missing.
      confidence: listed && !contradicted && !hidden ? 'proven' : 'likely',
      because: [answerEvidence(manifest.answer), ...(listed ? [listing(listed, tag)] : []), ...kubeletSays(message)],
      remedies: [
        ...near.slice(0, 1).flatMap(({ name }) => setImage(names, withTag(names.image, name))),
        {
          kind: 'action',
          title: text`${near[0] ? 'Otherwise build' : 'Correct the tag in Git, or build'} and push ${host}/${repository}:${tag}`,
        },
      ],
      ...(near[0] && { edit: otherTag(names, near[0].name) }),
      verify: [watchPod(names)],
      prevent: [],
    }
  },
  presume: {
    needs: { reference, message, names },
    explain: ({ reference, message, names }) =>
      reference.valid && !reference.reference.tag ? undefined : presumeRow('tag-missing').explain({ message, names }),
  },
})

/** Its remedy: the tag that was perhaps meant. */
function otherTag({ container, image }: Names, tag: string): PullFinding['edit'] {
  return { why: text`If ${tag} was meant`, change: { field: 'image', container, from: image, to: withTag(image, tag) } }
}

const shown = 5

function listing({ names, complete, asked }: Extract<NamesAnswer, { status: 'names' }>, tag: string): Evidence {
  const near = nearestTags(tag, names)
    .slice(0, shown)
    .map(({ name, why }): Text => text`${name} (${why})`)
  const count = complete ? counted(names.length, 'tag') : text`more than ${counted(names.length, 'tag')}`
  const nearest = near.length > 0 ? text`; nearest: ${joinTexts(near, ', ')}` : text``
  const odd = names.includes(tag) ? text`, and still lists ${tag}` : text``
  return {
    says: text`the repository has ${count}${odd}${nearest}`,
    source: `${asked.method} ${asked.url}`,
    confidence: 'proven',
  }
}
