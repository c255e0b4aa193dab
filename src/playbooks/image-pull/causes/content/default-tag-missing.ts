import { maybe } from '../../../../diagnosis/check.ts'
import { nearestTags } from '../../../../registry/nearest.ts'
import { text } from '../../../../text.ts'
import { setImage, watchPod, withTag } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { isRepositoryMissing, manifest, repositories, tags } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow, registryDecides, rowCause } from '../../text-causes.ts'

/** No tag was written, so `latest` was asked for, and there is none. */
export const defaultTagMissing = pullCause({
  id: 'default-tag-missing',
  explains: [...registryDecides, rowCause('mirror-failed')],
  needs: { reference, manifest, tags: maybe(tags), repositories: maybe(repositories), names, message },
  explain({ reference, manifest, tags, repositories, names, message }) {
    if (!reference.valid || reference.reference.tag || reference.reference.digest) return undefined
    const { host, repository } = reference.reference
    if (manifest.answer.status !== 'missing' || isRepositoryMissing(tags, repositories, repository)) return undefined
    const listed = tags.known && tags.value.status === 'names' ? tags.value : undefined
    const newest = listed && nearestTags('latest', listed.names)[0]
    return {
      title: 'No tag written, and no "latest"',
      summary: text`The image names no tag, so latest was asked for, and ${host}/${repository} has none.`,
      confidence: listed && !listed.names.includes('latest') ? 'proven' : 'likely',
      because: [answerEvidence(manifest.answer), ...(listed ? [answerEvidence(listed)] : []), ...kubeletSays(message)],
      remedies: newest
        ? setImage(names, withTag(names.image, newest.name))
        : [{ kind: 'action', title: text`Write a tag behind the image in Git` }],
      ...(newest && {
        edit: {
          why: text`Write the tag, for example the newest`,
          change: {
            field: 'image' as const,
            container: names.container,
            from: names.image,
            to: withTag(names.image, newest.name),
          },
        },
      }),
      verify: [watchPod(names)],
      prevent: [text`Write a tag or a digest in every image.`],
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
          title: 'No tag written, and no "latest"',
          summary: text`The image names no tag, so latest was asked for, and the node did not find it.`,
          remedies: [{ kind: 'action', title: text`Write a tag behind the image in Git` }],
        }
      )
    },
  },
})
