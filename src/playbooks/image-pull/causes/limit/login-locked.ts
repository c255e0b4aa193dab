import { maybe } from '../../../../diagnosis/check.ts'
import { read } from '../../../../messages/read.ts'
import { rowById } from '../../../../messages/rows.ts'
import { message, names } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { answerEvidence } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { findingOfRow, presumeRow } from '../../text-causes.ts'
import { rateLimited } from './rate-limited.ts'

const row = rowById('login-locked')

/** The account or the address is locked. The runtime shows only the HTTP status; the registry's own message, read by imagepull, says why. */
export const loginLocked = pullCause({
  id: 'login-locked',
  explains: ['rate-limited', 'auth-denied', 'auth-required', rateLimited],
  needs: { manifest: maybe(manifest), message, names },
  explain({ manifest, message, names }) {
    const presumed = presumeRow('login-locked').explain({ message, names })
    const answer = manifest.known ? manifest.value.answer : undefined
    const words = answer && 'message' in answer ? (answer.message ?? '') : ''
    if (!row || !answer || !message.said || read(words).cause !== 'login-locked') return presumed
    const { said } = message
    const told = {
      ...message,
      said: { ...said, reading: { ...said.reading, kind: 'rate-limited', cause: row.id } as const },
    }
    const found = findingOfRow(row, told, names)
    return found && { ...found, confidence: 'proven', because: [answerEvidence(answer), ...found.because] }
  },
})
