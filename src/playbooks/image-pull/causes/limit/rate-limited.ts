import { maybe } from '../../../../diagnosis/check.ts'
import { read } from '../../../../messages/read.ts'
import { kindsOf } from '../../../../messages/row.ts'
import { rowById } from '../../../../messages/rows.ts'
import { message, names } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { quotaEvidence } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

const row = rowById('rate-limited')

/** Every path of the registry's own API begins so; a token server's does not. */
const ofRegistry = /^https?:\/\/[^/]{1,300}\/v2\//

/**
 * The registry answers 429. A token server also answers 429 to an account that is locked after wrong passwords; the runtime
 * shows only the HTTP status.
 */
export const rateLimited = pullCause({
  id: 'rate-limited',
  explains: row ? kindsOf(row) : [],
  needs: { manifest: maybe(manifest), message, names },
  explain({ manifest, message, names }) {
    const found = presumeRow('rate-limited').explain({ message, names })
    const reading = message.said?.reading
    const bare = reading?.url !== undefined && !ofRegistry.test(reading.url) && !/pull rate limit/i.test(reading.text)
    const answer = manifest.known ? manifest.value.answer : undefined
    const words = answer?.status === 'rate-limited' ? (answer.message ?? '') : ''
    const told = words !== '' && read(words).cause !== 'login-locked'
    if (!found) return undefined
    const because = [...found.because, ...(answer ? quotaEvidence(answer) : [])]
    return { ...found, because, confidence: bare && !told ? 'likely' : found.confidence }
  },
})
