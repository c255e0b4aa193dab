import { text } from '../../../../text.ts'
import { manifest } from '../../checks/manifest.ts'
import { message } from '../../checks/message.ts'
import { names } from '../../checks/names.ts'
import { reference } from '../../checks/reference.ts'
import { kubeletSays } from '../../evidence.ts'
import { loggedInWithoutRights } from '../../logged-in.ts'
import { presumeOfNode } from '../../presume-row.ts'
import { pullCause } from '../../pull-cause.ts'
import { answerEvidence } from '../../registry-evidence.ts'
import { createPullSecret, watchPod } from '../../remedies.ts'

/** The pod's own login was sent, and the registry does not take it. */
export const credentialsRejected = pullCause({
  id: 'credentials-rejected',
  explains: ['auth-required', 'auth-denied'],
  needs: { reference, manifest, message, names },
  explain({ reference, manifest, message, names }) {
    const { answer, tried } = manifest
    if (!reference.valid || tried.length === 0 || answer.status !== 'unauthorized') return undefined
    if (loggedInWithoutRights(manifest)) return undefined
    const { host } = reference.reference
    return {
      title: 'Login is rejected',
      summary: text`${host} does not take the login of ${tried.join(', ')}: it is wrong, expired or withdrawn.`,
      confidence: 'proven',
      because: [answerEvidence(answer), ...kubeletSays(message)],
      remedies: createPullSecret(names, host, { name: tried[0]?.split('/').at(-1) }),
      verify: [watchPod(names)],
      prevent: [],
    }
  },
  presume: presumeOfNode('credentials-rejected'),
})
