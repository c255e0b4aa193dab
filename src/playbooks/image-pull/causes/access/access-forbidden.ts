import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { loggedInWithoutRights, manifest } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeOfNode } from '../../text-causes.ts'

/** The registry itself, not its token server, forbids it to whoever asks. */
export const accessForbidden = pullCause({
  id: 'access-forbidden',
  explains: ['auth-denied', 'auth-required'],
  needs: { reference, manifest, message, names },
  explain({ reference, manifest, message, names }) {
    const { answer, tried } = manifest
    const unserved = loggedInWithoutRights(manifest)
    if (!reference.valid || !(unserved || (answer.status === 'denied' && answer.by === 'registry'))) return undefined
    const { host, repository } = reference.reference
    if (unserved)
      return {
        title: 'Login may not pull this repository',
        summary: text`${host} takes the login of ${tried.join(', ')}, and does not let it pull ${repository}: it lacks the right, or there is no such repository, which many registries say in the same way.`,
        confidence: 'likely',
        because: [answerEvidence(answer), ...kubeletSays(message)],
        remedies: [
          {
            kind: 'action',
            title: text`Correct the name of the image, or grant that login the right to pull ${repository}`,
          },
        ],
        verify: [watchPod(names)],
        prevent: [],
      }
    const who = tried.length > 0 ? text`the login of ${tried.join(', ')}` : text`anybody without a login`
    return {
      title: 'Access is forbidden',
      summary: text`${host} forbids ${who} to pull ${repository}; some registries answer so for what does not exist, and firewalls do too.`,
      // A 403 from here alone may be a firewall that knows the node's address and not this one.
      confidence: message.said?.reading.kind === 'auth-denied' ? 'proven' : 'likely',
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
  presume: presumeOfNode('access-forbidden'),
})
