import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { indexChild } from '../../checks/image-content.ts'
import { message, names } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

/** The tag and its index are there; the manifest of the node's platform is not, mostly since a clean-up of untagged ones. */
export const indexChildMissing = pullCause({
  id: 'index-child-missing',
  explains: ['image-not-found', 'corrupt-content'],
  needs: { manifest, indexChild, message, names },
  explain({ manifest, indexChild, message, names }) {
    if (indexChild?.answer.status !== 'missing') return undefined
    const { os, architecture } = indexChild.platform
    return {
      title: 'Image of one platform is missing',
      summary: text`The registry has ${names.image} as an index of several platforms, but not the manifest that the index names for ${os}/${architecture}, the platform of ${names.node}. Nodes of other platforms may still pull it.`,
      confidence: 'proven',
      because: [answerEvidence(manifest.answer), answerEvidence(indexChild.answer), ...kubeletSays(message)],
      remedies: [
        {
          kind: 'action',
          title: text`Build and push ${names.image} again for every platform, with a tool that writes the index anew`,
        },
        {
          kind: 'action',
          title: text`Look at the registry's clean-up rules: one that deletes untagged manifests deletes the parts of a tagged index`,
        },
      ],
      verify: [{ argv: ['docker', 'manifest', 'inspect', names.image] }, watchPod(names)],
      prevent: [text`Exempt the manifests that a kept index names from the registry's clean-up.`],
    }
  },
  presume: presumeRow('index-child-missing'),
})
