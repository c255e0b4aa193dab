import { maybe } from '../../../../diagnosis/maybe.ts'
import { text } from '../../../../text.ts'
import { indexChild } from '../../checks/index-child.ts'
import { manifest } from '../../checks/manifest.ts'
import { message } from '../../checks/message.ts'
import { names } from '../../checks/names.ts'
import { kubeletSays } from '../../evidence.ts'
import { registryDecides } from '../../kind-groups.ts'
import { pullCause } from '../../pull-cause.ts'
import { answerEvidence } from '../../registry-evidence.ts'
import { deletePod, watchPod } from '../../remedies.ts'

/** What the kubelet complained of is repaired, and it still waits before its next try. */
export const staleBackoff = pullCause({
  id: 'stale-backoff',
  explains: registryDecides,
  needs: { manifest, child: maybe(indexChild), message, names },
  explain({ manifest, child, message, names }) {
    if (manifest.answer.status !== 'found') return undefined
    // The index of several platforms is there, and the node needs what it names for its own.
    if (child.known && child.value && child.value.answer.status !== 'found') return undefined
    const reading = message.said?.reading
    // A mirror may answer otherwise than the registry that it stands for; and without the pod's login the question was another.
    const same = !manifest.unlike && !reading?.upstream && reading?.cause !== 'mirror-failed'
    // A refusal may be about the node's address or a login of its own: only a login of the pod that is taken now proves more.
    const told = reading?.kind === 'image-not-found' || (manifest.tried.length > 0 && reading?.kind !== undefined)
    return {
      title: 'Repaired, waiting for the next try',
      summary: text`The registry has ${names.image} and gives it out now. The kubelet waits, up to five minutes, before it tries again.`,
      confidence: same && told && child.known ? 'proven' : 'likely',
      because: [answerEvidence(manifest.answer), ...kubeletSays(message)],
      remedies: [deletePod(names)],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
