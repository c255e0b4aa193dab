import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

/** The registry answers 401 without a way to log in that container runtimes support. */
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
      summary: text`${host} answers 401 ${answer.scheme ? text`and requires ${answer.scheme}, which no container runtime supports` : text`without saying how to log in`}, so no login can be sent.`,
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
