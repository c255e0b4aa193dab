import { text } from '../../../../text.ts'
import { registryService } from '../../checks/cluster-registry.ts'
import { isInRange, serviceRange } from '../../checks/network.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { rowCause } from '../../text-causes.ts'

/** The registry's Service was recreated with another address, but images still name the old one. */
export const staleServiceIp = pullCause({
  id: 'stale-service-ip',
  explains: ['registry-timeout', 'registry-refused', 'registry-unroutable'].map(rowCause),
  needs: { reference, service: registryService, range: serviceRange, message, names },
  explain({ reference, service, range, message, names }) {
    if (!reference.valid || service) return undefined
    const address = reference.reference.host.replace(/:\d+$/, '')
    if (!isInRange(address, range)) return undefined
    return {
      title: 'Service address is stale',
      summary: text`The image names ${address}, an address for Services of this cluster, but no Service has it now. The registry's Service was probably recreated with another address.`,
      confidence: range.known === 'read' ? 'proven' : 'likely',
      because: [
        {
          says: text`no Service has the cluster IP ${address}`,
          source: 'API server: list services by spec.clusterIP',
          confidence: 'proven',
        },
        {
          says: text`${address} is within the Service range ${range.cidrs.join(', ')}`,
          source:
            range.known === 'read' ? 'API server: list servicecidrs' : 'inferred from the Service default/kubernetes',
          confidence: range.known === 'read' ? 'proven' : 'likely',
        },
        ...kubeletSays(message),
      ],
      remedies: [
        {
          kind: 'command',
          title: text`Find the registry's Service and its current address`,
          argv: ['kubectl', 'get', 'services', '-A', '-o', 'wide'],
        },
        {
          kind: 'action',
          title: text`In Git, give the Service its old address (spec.clusterIP: ${address}), or put the new one into every image`,
        },
      ],
      verify: [
        { argv: ['kubectl', 'get', 'services', '-A', '--field-selector', `spec.clusterIP=${address}`] },
        { argv: ['kubectl', '-n', names.namespace, 'get', 'pod', names.pod] },
      ],
      prevent: [
        text`Set the clusterIP of the registry's Service explicitly, so that it stays the same when the Service is recreated.`,
      ],
    }
  },
})
