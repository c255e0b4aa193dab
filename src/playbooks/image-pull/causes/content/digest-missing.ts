import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { isRepositoryMissing, manifest, repositories, tags } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow, registryDecides } from '../../text-causes.ts'
import { mirrorFailed } from '../way/mirror-failed.ts'

/** The image has a digest, and the registry has no manifest with it. */
export const digestMissing = pullCause({
  id: 'digest-missing',
  explains: [...registryDecides, mirrorFailed],
  needs: { reference, manifest, tags: maybe(tags), repositories: maybe(repositories), names, message },
  explain({ reference, manifest, tags, repositories, names, message }) {
    if (!reference.valid || manifest.answer.status !== 'missing') return undefined
    const { host, repository, digest, tag } = reference.reference
    if (!digest || isRepositoryMissing(tags, repositories, repository)) return undefined
    const known = tags.known && tags.value.status === 'names'
    return {
      title: 'Digest missing',
      summary: text`${host}/${repository} has no manifest ${digest}${tag ? text`; the node ignores the tag ${tag} in front of a digest` : text``}.`,
      confidence: known ? 'proven' : 'likely',
      because: [
        answerEvidence(manifest.answer),
        ...(known ? [answerEvidence(tags.value)] : []),
        ...kubeletSays(message),
      ],
      remedies: [
        { kind: 'action', title: text`Pin a digest that exists, or push the same image again` },
        { kind: 'action', title: text`Check whether a clean-up rule of the registry deleted it` },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
  presume: presumeRow('digest-missing'),
})
