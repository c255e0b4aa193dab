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

/** The registry itself, not its token server, forbids it to whoever asks. */
export const accessForbidden = pullCause({
  id: 'access-forbidden',
  explains: ['auth-denied', 'auth-required'],
  needs: { reference, manifest, message, names },
  explain({ reference, manifest, message, names }) {
    const { answer, tried } = manifest
    if (!reference.valid || answer.status !== 'denied' || answer.by !== 'registry') return undefined
    const { host, repository } = reference.reference
    const who = tried.length > 0 ? text`the login of ${tried.join(', ')}` : text`anybody without a login`
    return {
      title: 'Access is forbidden',
      summary: text`${host} forbids ${who} to pull ${repository}; some registries answer so for what does not exist, and firewalls do too.`,
      confidence: 'proven',
      because: [answerEvidence(answer), ...kubeletSays(message)],
      remedies: [
        {
          kind: 'action',
          title: text`Grant the right to pull ${repository}, or find the firewall or policy in front of ${host} that forbids it`,
        },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
  presume: presumeRow('access-forbidden'),
})
