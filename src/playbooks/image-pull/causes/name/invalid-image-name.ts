import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

/** The image reference cannot be parsed, for a stated reason. */
export const invalidImageName = pullCause({
  id: 'invalid-image-name',
  explains: ['invalid-image-name'],
  needs: { reference, message, names },
  explain({ reference, message, names }) {
    // Where this grammar takes what the kubelet refuses, the kubelet's word counts.
    if (reference.valid) return presumeRow('invalid-image-name').explain({ message, names })
    const trimmed = names.image.trim()
    return {
      title: 'Invalid image name',
      summary: text`${names.image} is not a valid image reference. ${reference.reason}`,
      confidence: 'proven',
      because: [
        {
          says: text`${reference.reason}`,
          source: `image of container ${names.container}, read by the grammar of distribution/reference`,
          confidence: 'proven',
        },
        ...kubeletSays(message),
      ],
      remedies: [
        trimmed !== names.image
          ? { kind: 'action', title: text`Remove the space around the image in Git, and deploy again` }
          : {
              kind: 'action',
              title: text`Correct the image of container ${names.container} in Git, and deploy again; retries do not help`,
            },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
