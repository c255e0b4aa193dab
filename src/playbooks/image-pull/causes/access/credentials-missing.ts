import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { createPullSecret, watchPod } from '../../advice/remedies.ts'
import { nodeLogin } from '../../checks/node-login.ts'
import { message, type Names, names, reference } from '../../checks/pod.ts'
import { credentials, pullSecrets } from '../../checks/pull-secrets.ts'
import { manifest } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import type { ContainerPull } from '../../inputs.ts'
import { type PullFinding, pullCause } from '../../model.ts'
import { presumeOfNode } from '../../text-causes.ts'

/** The registry requires a login, and none of the pod's secrets has one for it. */
export const credentialsMissing = pullCause({
  id: 'credentials-missing',
  explains: ['auth-required', 'auth-denied'],
  needs: { reference, manifest, credentials, pullSecrets, message, names },
  explain({ reference, manifest, credentials, pullSecrets, message, names }) {
    const { answer, tried } = manifest
    // What the node itself sent is its own login, which no pull secret of the pod shows.
    const sent = message.said?.reading.credential
    if (!reference.valid || tried.length > 0 || credentials.matching.length > 0 || sent === 'sent') return undefined
    const asks = answer.status === 'unauthorized' && (answer.scheme !== undefined || answer.by === 'token-server')
    const wantsLogin = asks || (answer.status === 'denied' && answer.by === 'token-server')
    if (!wantsLogin) return undefined
    const { host } = reference.reference
    const has =
      pullSecrets.length === 0
        ? text`the pod has no pull secret`
        : text`none of its pull secrets (${pullSecrets.map(({ name }) => name).join(', ')}) has a login for ${host}`
    return {
      title: 'No login was sent',
      summary: text`${host} requires a login for ${names.image}, and ${has}.`,
      // A node can have a login of its own, in its runtime's or its kubelet's files. Only its own words rule that out.
      confidence: sent === 'anonymous' ? 'proven' : 'likely',
      because: [
        answerEvidence(answer),
        {
          says: has,
          source: `API server: imagePullSecrets of the pod, and secrets in ${names.namespace}`,
          confidence: 'proven',
        },
        ...kubeletSays(message),
      ],
      remedies: createPullSecret(names, host),
      edit: { why: text`Then give it to the pod`, change: { field: 'imagePullSecrets', add: 'regcred' } },
      verify: [watchPod(names)],
      prevent: [],
    }
  },
  presume: {
    needs: { message, names, nodeLogin: maybe(nodeLogin), credentials: maybe(credentials) },
    explain(facts) {
      const { nodeLogin, credentials } = facts
      const ofNode = nodeLogin.known && nodeLogin.value?.identity?.managed
      const ofPod = credentials.known && credentials.value.matching.length > 0
      if (ofNode || ofPod) return undefined
      const found = presumeOfNode('credentials-missing').explain(facts)
      return found && credentials.known && credentials.value.unknown ? withUnreadSecrets(found, facts) : found
    },
  },
})

interface Unread {
  readonly message: ContainerPull
  readonly names: Names
}

/** The pod names pull secrets that could not be read: one of them may have a login, and that login may be the refused one. */
function withUnreadSecrets(found: PullFinding, { message, names }: Unread): PullFinding {
  const nothingSent = message.said?.reading.credential === 'anonymous'
  return {
    ...found,
    summary: nothingSent
      ? text`${names.host} requires a login for ${names.image}, and the node sent none. The pod's pull secrets could not be read, so why it sent none is unknown.`
      : text`${names.host} requires a login for ${names.image}. The pod's pull secrets could not be read: the login is missing, or it was refused.`,
    confidence: nothingSent ? found.confidence : 'possible',
  }
}
