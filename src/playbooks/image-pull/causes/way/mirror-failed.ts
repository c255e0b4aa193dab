import { maybe } from '../../../../diagnosis/check.ts'
import { kindsOf } from '../../../../messages/row.ts'
import { rowById } from '../../../../messages/rows.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, names } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

const row = rowById('mirror-failed')

/** A mirror fails, or it says that it does not have an image that its registry has. */
export const mirrorFailed = pullCause({
  id: 'mirror-failed',
  explains: [...(row ? kindsOf(row) : []), 'image-not-found'],
  needs: { manifest: maybe(manifest), message, names },
  explain({ manifest, message, names }) {
    const presumed = presumeRow('mirror-failed').explain({ message, names })
    const upstream = message.said?.reading.upstream
    if (presumed || !upstream || !manifest.known || manifest.value.answer.status !== 'found') return presumed
    return {
      title: 'Mirror does not have the image',
      summary: text`${names.node} asked the mirror ${names.host}, which does not have ${names.image}. ${upstream} itself has it.`,
      confidence: 'likely',
      because: [answerEvidence(manifest.value.answer), ...kubeletSays(message)],
      remedies: [
        {
          kind: 'action',
          title: text`Find out why the mirror ${names.host} does not fetch it from ${upstream}, or let the nodes fall back to ${upstream} (hosts.toml, registries.yaml)`,
        },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
