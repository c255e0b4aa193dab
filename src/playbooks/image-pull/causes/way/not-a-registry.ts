import { maybe } from '../../../../diagnosis/check.ts'
import { kindsOf } from '../../../../messages/row.ts'
import { rowById } from '../../../../messages/rows.ts'
import { message, names } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { answerEvidence } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

const row = rowById('not-a-registry')

/**
 * Something answers in the place of a registry. The node's words alone do not tell whether that is the host itself or a proxy
 * on the way: the answer to the same question from here does.
 */
export const notARegistry = pullCause({
  id: 'not-a-registry',
  explains: row ? kindsOf(row) : [],
  needs: { manifest: maybe(manifest), message, names },
  explain({ manifest, message, names }) {
    const presumed = presumeRow('not-a-registry').explain({ message, names })
    if (!presumed) return undefined
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
