import { text } from '../../../../text.ts'
import { manifest } from '../../checks/manifest.ts'
import { message } from '../../checks/message.ts'
import { names } from '../../checks/names.ts'
import { reference } from '../../checks/reference.ts'
import { kubeletSays } from '../../evidence.ts'
import { presumeRow } from '../../presume-row.ts'
import { pullCause } from '../../pull-cause.ts'
import { answerEvidence } from '../../registry-evidence.ts'
import { watchPod } from '../../remedies.ts'

/** A 401 that does not say how to log in: nobody can. */
export const authSchemeUnsupported = pullCause({
  id: 'auth-scheme-unsupported',
  explains: ['auth-required', 'auth-denied'],
  needs: { reference, manifest, message, names },
  explain({ reference, manifest: { answer }, message, names }) {
    if (!reference.valid) return undefined
    if (
      answer.status !== 'unauthorized' ||
      answer.by !== 'registry' ||
      (answer.scheme && ['basic', 'bearer'].includes(answer.scheme))
    )
      return undefined
    const { host } = reference.reference
    return {
      title: 'Registry does not say how to log in',
      summary: text`${host} answers 401 ${answer.scheme ? text`and wants ${answer.scheme}, which no runtime speaks` : text`without saying how to log in`}, so no login can be sent.`,
      confidence: 'proven',
      because: [answerEvidence(answer), ...kubeletSays(message)],
      remedies: [
        {
          kind: 'action',
          title: text`Correct the authentication of ${host}, or of the proxy in front of it: a 401 needs a WWW-Authenticate header`,
        },
      ],
      verify: [{ argv: ['curl', '-i', `https://${host}/v2/`] }, watchPod(names)],
      prevent: [],
    }
  },
  presume: presumeRow('auth-scheme-unsupported'),
})
