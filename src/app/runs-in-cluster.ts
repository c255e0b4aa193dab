import type { Cluster } from '../kubernetes/cluster.ts'
import type { Resource } from '../kubernetes/resources.ts'
import { addressesOf, canonical, findRegistryService, isOfNode } from '../playbooks/image-pull/find-registry-service.ts'
import { splitHost } from '../playbooks/image-pull/split-host.ts'

type Service = Resource<'services'>

/**
 * Whether a connection to this address and the host's port reaches the Service that the host means: at one of the
 * Service's own addresses, at a ready endpoint of it, or at a node's port. The name alone proves nothing: whoever runs
 * its DNS zone can give it any address. Throws ClusterError.
 */
export async function runsInCluster(cluster: Cluster, host: string, address: string): Promise<boolean> {
  const service = await findRegistryService(cluster, host)
  if (!service) return false
  const { port } = splitHost(host)
  const { ports } = service.spec
  if (addressesOf(service).includes(canonical(address))) return ports.some((it) => it.port === port)
  if (ports.some((it) => it.nodePort === port)) return isOfNode(cluster, address)
  return isEndpoint(cluster, service, address, port)
}

/** A Service without an address of its own gives those of its pods, with their ports. */
async function isEndpoint(cluster: Cluster, { metadata }: Service, address: string, port: number): Promise<boolean> {
  const labels = { 'kubernetes.io/service-name': metadata.name }
  const { items } = await cluster.list('endpointslices', { namespace: metadata.namespace, labels })
  return items.some(
    ({ endpoints, ports }) =>
      ports.some((it) => it.port === port) &&
      endpoints.some(
        ({ addresses, conditions }) =>
          conditions.ready !== false && addresses.some((it) => canonical(it) === canonical(address)),
      ),
  )
}
