import { maybe } from '../../../../diagnosis/check.ts'
import { nearestTags } from '../../../../registry/nearest.ts'
import { text } from '../../../../text.ts'
import { setImage, watchPod, withTag } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { isRepositoryMissing, manifest, repositories, tags } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow, registryDecides } from '../../text-causes.ts'
import { mirrorFailed } from '../way/mirror-failed.ts'

/** The image has no tag, so the node asked for `latest`, which does not exist. */
export const defaultTagMissing = pullCause({
  id: 'default-tag-missing',
  explains: [...registryDecides, mirrorFailed],
  needs: { reference, manifest, tags: maybe(tags), repositories: maybe(repositories), names, message },
  explain({ reference, manifest, tags, repositories, names, message }) {
    if (!reference.valid || reference.reference.tag || reference.reference.digest) return undefined
    const { host, repository } = reference.reference
    if (manifest.answer.status !== 'missing' || isRepositoryMissing(tags, repositories, repository)) return undefined
    const listed = tags.known && tags.value.status === 'names' ? tags.value : undefined
    const newest = listed && nearestTags('latest', listed.names)[0]
    return {
      title: 'No tag, and no "latest"',
      summary: text`The image has no tag, so the node asked for latest, which ${host}/${repository} does not have.`,
      confidence: listed && !listed.names.includes('latest') ? 'proven' : 'likely',
      because: [answerEvidence(manifest.answer), ...(listed ? [answerEvidence(listed)] : []), ...kubeletSays(message)],
      remedies: newest
        ? setImage(names, withTag(names.image, newest.name))
        : [{ kind: 'action', title: text`Add a tag to the image in Git` }],
      ...(newest && {
        edit: {
          why: text`Add a tag, for example the newest`,
          change: {
            field: 'image' as const,
            container: names.container,
            from: names.image,
            to: withTag(names.image, newest.name),
          },
        },
      }),
      verify: [watchPod(names)],
      prevent: [text`Give every image a tag or a digest.`],
    }
  },
  presume: {
    needs: { reference, message, names },
    explain({ reference, message, names }) {
      if (!reference.valid || reference.reference.tag || reference.reference.digest) return undefined
      const found = presumeRow('tag-missing').explain({ message, names })
      return (
        found && {
          ...found,
          title: 'No tag, and no "latest"',
          summary: text`The image has no tag, so the node asked for latest and did not find it.`,
          remedies: [{ kind: 'action', title: text`Add a tag to the image in Git` }],
        }
      )
    },
  },
})
