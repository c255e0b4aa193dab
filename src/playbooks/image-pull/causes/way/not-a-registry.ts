import { maybe } from '../../../../diagnosis/check.ts'
import { kindsOf } from '../../../../messages/row.ts'
import { rowById } from '../../../../messages/rows.ts'
import type { Reference } from '../../../../registry/reference.ts'
import type { ManifestAnswer } from '../../../../registry/registry.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, type Names, names, reference } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import type { ContainerPull } from '../../inputs.ts'
import { type PullFinding, pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

const row = rowById('not-a-registry')

/**
 * Something other than a registry answers. The node's message does not show whether that is the host itself or a proxy on the
 * way; the answer to imagepull's own request does.
 */
export const notARegistry = pullCause({
  id: 'not-a-registry',
  explains: [...(row ? kindsOf(row) : []), 'image-not-found'],
  needs: { reference, manifest: maybe(manifest), message, names },
  explain({ reference, manifest, message, names }) {
    const presumed = presumeRow('not-a-registry').explain({ message, names })
    if (!presumed) {
      const answer = manifest.known ? manifest.value.answer : undefined
      return reference.valid && answer?.status === 'not-a-registry'
        ? pageInstead(answer, reference.reference, message, names)
        : undefined
    }
    if (!manifest.known) return { ...presumed, confidence: 'likely' }
    const { answer } = manifest.value
    const same = answer.status === 'not-a-registry'
    return {
      ...presumed,
      confidence: same ? 'proven' : 'possible',
      because: [answerEvidence(answer), ...presumed.because],
    }
  },
})

/** The node was told 404, and here that is seen to be no registry's: a path that nothing serves. */
function pageInstead(
  answer: Extract<ManifestAnswer, { status: 'not-a-registry' }>,
  { host, repository }: Reference,
  message: ContainerPull,
  names: Names,
): PullFinding {
  return {
    title: 'No registry at that path',
    summary: text`For ${repository}, ${host} answers ${answer.http} with a web page, unlike a registry. The path does not lead to a registry.`,
    confidence: 'likely',
    because: [answerEvidence(answer), ...kubeletSays(message)],
    remedies: [
      {
        kind: 'action',
        title: text`Correct the image's host, port or path: many products serve each registry under its own path or port`,
      },
    ],
    verify: [{ argv: ['curl', '-i', `https://${host}/v2/`] }, watchPod(names)],
    prevent: [],
  }
}
