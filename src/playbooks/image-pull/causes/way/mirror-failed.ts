import { maybe } from '../../../../diagnosis/check.ts'
import { kindsOf } from '../../../../messages/row.ts'
import { rowById } from '../../../../messages/rows.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { mirrorIn } from '../../evidence/mirrors.ts'
import { pullCause } from '../../model.ts'
import { presumeRow, registryDecides } from '../../text-causes.ts'

const row = rowById('mirror-failed')

/** A mirror fails, or it does not give out an image that its registry gives out. */
export const mirrorFailed = pullCause({
  id: 'mirror-failed',
  explains: [...(row ? kindsOf(row) : []), ...registryDecides],
  needs: { reference, manifest: maybe(manifest), message, names },
  explain({ reference, manifest, message, names }) {
    const presumed = presumeRow('mirror-failed').explain({ message, names })
    if (presumed || !reference.valid || !manifest.known || manifest.value.answer.status !== 'found') return presumed
    const mirror = mirrorIn(message, reference.reference)
    if (!mirror) return undefined
    const { host } = reference.reference
    const lacks = message.said?.reading.kind === 'image-not-found'
    return {
      title: lacks ? 'Mirror does not have the image' : 'Mirror refuses the node',
      summary: lacks
        ? text`${names.node} asked the mirror ${mirror}, which does not have ${names.image}. ${host} itself has it.`
        : text`${names.node} asked the mirror ${mirror}, which refuses it. ${host} itself gives ${names.image} out.`,
      confidence: 'likely',
      because: [answerEvidence(manifest.value.answer), ...kubeletSays(message)],
      remedies: [
        {
          kind: 'action',
          title: lacks
            ? text`Find out why the mirror ${mirror} does not fetch it from ${host}, or let the nodes fall back to ${host} (hosts.toml, registries.yaml)`
            : text`Give the nodes a login for the mirror ${mirror}, or let them fall back to ${host} (hosts.toml, registries.yaml)`,
        },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})
