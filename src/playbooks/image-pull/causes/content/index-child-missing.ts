import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { indexChild } from '../../checks/image-content.ts'
import { message, names } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

/** The tag and its index exist, but the manifest for the node's platform does not. Often a clean-up of untagged manifests removed it. */
export const indexChildMissing = pullCause({
  id: 'index-child-missing',
  explains: ['image-not-found', 'corrupt-content'],
  needs: { manifest, indexChild, message, names },
  explain({ manifest, indexChild, message, names }) {
    if (indexChild?.answer.status !== 'missing') return undefined
    const { os, architecture } = indexChild.platform
    return {
      title: 'Image is missing for this platform',
      summary: text`The registry has ${names.image} as an index of several platforms, but not the manifest that the index names for ${os}/${architecture}, the platform of ${names.node}. Nodes of other platforms may still pull it.`,
      confidence: 'proven',
      because: [answerEvidence(manifest.answer), answerEvidence(indexChild.answer), ...kubeletSays(message)],
      remedies: [
        {
          kind: 'action',
          title: text`Build and push ${names.image} again for every platform, with a tool that also writes the index`,
        },
        {
          kind: 'action',
          title: text`Check the registry's clean-up rules: a rule that deletes untagged manifests also deletes the parts of a tagged index`,
        },
      ],
      verify: [{ argv: ['docker', 'manifest', 'inspect', names.image] }, watchPod(names)],
      prevent: [text`Exclude manifests that a tagged index names from the registry's clean-up.`],
    }
  },
  presume: presumeRow('index-child-missing'),
})
