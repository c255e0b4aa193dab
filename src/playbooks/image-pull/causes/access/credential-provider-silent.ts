import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { identityRemedies, nodeLogin } from '../../checks/node-login.ts'
import { node } from '../../checks/nodes.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { credentials } from '../../checks/pull-secrets.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

/**
 * On managed Kubernetes, the kubelet logs in to the cloud's own registry. If it sent no login, its credential provider
 * returned none. Whether the provider or its permissions failed is only in the node's log.
 */
export const credentialProviderSilent = pullCause({
  id: 'credential-provider-silent',
  explains: ['credential-provider', 'auth-required', 'auth-denied'],
  needs: { reference, nodeLogin, credentials: maybe(credentials), node: maybe(node), message, names },
  explain({ reference, nodeLogin, credentials, node, message, names }) {
    const presumed = presumeRow('credential-provider-silent').explain({ message, names })
    if (presumed) return presumed
    const identity = nodeLogin?.identity
    const own = credentials.known && credentials.value.matching.length > 0
    if (!reference.valid || !identity?.managed || own) return undefined
    // A login that was sent, or refused by its rights, is another cause.
    if (message.said?.reading.credential !== 'anonymous') return undefined
    const { host } = reference.reference
    return {
      title: 'The node sent no login',
      summary: text`${host} needs no pull secret on this cluster: ${identity.called} logs in. ${names.node} sent no login, so its credential provider returned none.`,
      confidence: 'likely',
      because: [
        ...kubeletSays(message),
        {
          says: text`${names.node} is a node of a managed cluster of the same cloud${node.known && node.value?.spec.providerID ? text` (${node.value.spec.providerID})` : ''}`,
          source: 'API server: the node',
          confidence: 'proven',
        },
      ],
      remedies: [
        ...identityRemedies(identity),
        {
          kind: 'action',
          title: text`Read the kubelet's log on ${names.node} for its credential provider; a node that has just started may only need the next try`,
        },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
  presume: presumeRow('credential-provider-silent'),
})
