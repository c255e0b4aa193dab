import type { Cause } from '../../../../diagnosis/cause.ts'
import { maybe } from '../../../../diagnosis/check.ts'
import { read } from '../../../../messages/read.ts'
import { type Kind, kindsOf } from '../../../../messages/row.ts'
import { rowById } from '../../../../messages/rows.ts'
import { message, names } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { answerEvidence } from '../../evidence/answers.ts'
import { type PullFinding, pullCause } from '../../model.ts'
import { findingOfRow, presumeRow, rowCause } from '../../text-causes.ts'
import { accessForbidden } from './access-forbidden.ts'
import { credentialsRejected } from './credentials-rejected.ts'

/**
 * The runtime mostly shows the number of a refusal alone. The registry's body says more, and it is read here as a message
 * of the kubelet's would be.
 */
function toldByRegistry(
  id: string,
  about: 'login' | 'address' | 'image',
  explained: readonly Cause<Kind, PullFinding>[],
): Cause<Kind, PullFinding> {
  const row = rowById(id)
  if (!row) throw new Error(`no row of messages/ has the id ${id}`)
  const [kind] = kindsOf(row)
  return pullCause({
    id,
    explains: [...kindsOf(row), ...explained],
    needs: { manifest: maybe(manifest), message, names },
    explain({ manifest, message, names }) {
      const answer = manifest.known ? manifest.value.answer : undefined
      const words = answer && 'message' in answer ? (answer.message ?? '') : ''
      const presumed = presumeRow(id).explain({ message, names })
      if (!answer || !message.said || read(words).cause !== id) return presumed
      const { said } = message
      const reading = { ...said.reading, cause: id, ...(kind && { kind }) }
      const found = findingOfRow(row, { ...message, said: { ...said, reading } }, names)
      const because = [answerEvidence(answer), ...(found?.because ?? [])]
      // What is said of an address is said of this one, and what is said to a stranger may be said to strangers alone.
      const sure = about !== 'address' && manifest.known && manifest.value.tried.length > 0
      return found && { ...found, confidence: sure ? 'proven' : 'likely', because }
    },
  })
}

export const credentialsExpired = toldByRegistry('credentials-expired', 'login', [accessForbidden, credentialsRejected])
export const vulnerabilityPolicy = toldByRegistry('vulnerability-policy', 'image', [
  accessForbidden,
  rowCause('registry-policy'),
])
export const registryNetworkRule = toldByRegistry('registry-network-rule', 'address', [accessForbidden])
