import { text } from '../../../../text.ts'
import { registryBackend, registryPolicies, registryService } from '../../checks/cluster-registry.ts'
import { message } from '../../checks/pod.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { rowCause } from '../../text-causes.ts'

/**
 * A network policy selects the registry's pods. This is never more than possible: whether it blocks nodes depends on the
 * network plugin and on how it treats a node's own address.
 */
export const networkPolicyBlocksRegistry = pullCause({
  id: 'network-policy-blocks-registry',
  explains: [rowCause('registry-timeout'), rowCause('registry-refused')],
  needs: { service: registryService, backend: registryBackend, policies: registryPolicies, message },
  explain({ service, backend, policies, message }) {
    if (!service?.own || !backend || policies.length === 0) return undefined
    const { namespace } = backend
    return {
      title: 'A network policy may block the nodes',
      summary: text`${policies.join(', ')} in ${namespace} decides who may connect to the registry's pods. The kubelet connects from the node, not from a pod.`,
      confidence: 'possible',
      because: [
        {
          says: text`NetworkPolicy ${policies.join(', ')} selects the registry's pods for ingress`,
          source: `API server: list networkpolicies in ${namespace}`,
          confidence: 'proven',
        },
        ...kubeletSays(message),
      ],
      remedies: policies.map((policy) => ({
        kind: 'command',
        title: text`Check whether it allows the nodes' addresses`,
        argv: ['kubectl', '-n', namespace, 'describe', 'networkpolicy', policy],
      })),
      verify: [],
      prevent: [],
    }
  },
})
