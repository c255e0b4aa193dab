import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { indexChild, missingBlobs } from '../../checks/image-content.ts'
import { message, names } from '../../checks/pod.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

/** The registry has the manifest, but not everything that the manifest names. */
export const blobMissing = pullCause({
  id: 'blob-missing',
  explains: ['corrupt-content', 'image-not-found'],
  needs: { missingBlobs, child: maybe(indexChild), message, names },
  explain({ missingBlobs, child, message, names }) {
    if (child.known && child.value?.answer.status === 'missing') return undefined // the whole image of the platform is
    const [first] = missingBlobs.missing
    // What could not be looked into: then the text alone speaks.
    if (!first) return missingBlobs.of === 0 ? presumeRow('blob-missing').explain({ message, names }) : undefined
    return {
      title: 'A layer is missing in the registry',
      summary: text`The registry has the manifest of ${names.image}, but not ${missingBlobs.missing.length} of its ${missingBlobs.of} parts. Garbage collection or lost storage may have removed them.`,
      confidence: 'proven',
      because: [
        {
          says: text`404 for ${first}`,
          source: 'the registry, HEAD of every blob that the manifest names',
          confidence: 'proven',
        },
        ...kubeletSays(message),
      ],
      remedies: [
        {
          kind: 'action',
          title: text`Build and push ${names.image} again, then check the registry's storage and garbage collection`,
        },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
  presume: presumeRow('blob-missing'),
})
