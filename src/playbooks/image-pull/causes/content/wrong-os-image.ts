import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { operatingSystems } from '../../checks/image-content.ts'
import { message, names } from '../../checks/pod.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'
import { platformMismatch } from './platform-mismatch.ts'

/** A Linux image on a Windows node, or the reverse. */
export const wrongOsImage = pullCause({
  id: 'wrong-os-image',
  explains: ['platform-mismatch', 'runtime-failure', platformMismatch],
  needs: { systems: maybe(operatingSystems), message, names },
  explain({ systems, message, names }) {
    const seen = systems.known ? systems.value : undefined
    if (!seen || seen.image.includes(seen.node)) return presumeRow('wrong-os-image').explain({ message, names })
    const has = seen.image.join(', ')
    return {
      title: 'Image is for another operating system',
      summary: text`${names.image} is for ${has}, but ${names.node} runs ${seen.node}.`,
      confidence: 'proven',
      because: [
        { says: text`the image is for ${has}`, source: 'its manifest in the registry', confidence: 'proven' },
        { says: text`${names.node} runs ${seen.node}`, source: 'API server: the node', confidence: 'proven' },
        ...kubeletSays(message),
      ],
      remedies: [
        {
          kind: 'action',
          title: text`In Git, run ${names.owner} only on matching nodes: nodeSelector kubernetes.io/os: ${seen.image[0] ?? 'linux'}`,
        },
        { kind: 'action', title: text`Or use an image that is built for ${seen.node}` },
      ],
      verify: [watchPod(names)],
      prevent: [
        text`In a cluster with Linux and Windows nodes, give every workload a nodeSelector for kubernetes.io/os.`,
      ],
    }
  },
  presume: presumeRow('wrong-os-image'),
})
