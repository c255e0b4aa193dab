import { isIP } from 'node:net'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Resource } from '../../kubernetes/resources.ts'
import { splitHost } from './split-host.ts'

type Service = Resource<'services'>

// The API server's default for --service-node-port-range.
const nodePorts = { first: 30_000, last: 32_767 }

/** The Service that an image's host means, by its address, its DNS name, or a node's port. undefined: none of this cluster. */
export async function findRegistryService(
  cluster: Cluster,
  host: string,
  signal?: AbortSignal,
): Promise<Service | undefined> {
  const { name, port } = splitHost(host)
  if (port >= nodePorts.first && port <= nodePorts.last && (isIP(name) || name === 'localhost'))
    return byNodePort(cluster, port, signal)
  if (isIP(name)) return byAddress(cluster, name, signal)
  const [service, namespace, svc] = name.split('.')
  if (svc !== 'svc' || !service || !namespace) return undefined
  return cluster.get('services', { namespace, name: service }, signal)
}

async function byAddress(cluster: Cluster, address: string, signal?: AbortSignal): Promise<Service | undefined> {
  const byClusterIp = await cluster.list('services', { fields: { 'spec.clusterIP': address } }, signal)
  return byClusterIp.items[0]
}

async function byNodePort(cluster: Cluster, port: number, signal?: AbortSignal): Promise<Service | undefined> {
  const services = await cluster.list('services', { fields: { 'spec.type': 'NodePort' } }, signal)
  return services.items.find((service) => service.spec.ports.some((it) => it.nodePort === port))
}
